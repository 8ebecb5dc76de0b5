# One image for web, worker, beat and migrations; compose.yaml says which command each runs.
# Not Alpine: psycopg2-binary brings no OpenSSL for musl that we would want to defend.
FROM python:3.13-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt
COPY . .
# Static files get hashed names here. The values only satisfy the settings of production; none of them is used again.
RUN DEBRIEFS_SECRET_KEY=only-while-the-image-is-built-and-nowhere-else-0123456789 \
    DEBRIEFS_LINK_KEYS=only-while-the-image-is-built-and-nowhere-else-0123456789 \
    DEBRIEFS_BASE_URL=https://debriefs.example DATABASE_URL=postgres:///none REDIS_URL=redis://none EMAIL_URL=smtp://none \
    /opt/venv/bin/python manage.py collectstatic --noinput \
    && if [ -d locale ]; then /opt/venv/bin/pybabel compile --directory locale --domain django; fi

FROM python:3.13-slim

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin debriefs
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER debriefs
EXPOSE 8000

# Threads, because a request mostly waits for Postgres. The worker's heartbeat file must not lie on a disk that can stall.
CMD ["gunicorn", "debriefs.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--max-requests", "2000", \
     "--max-requests-jitter", "200"]
