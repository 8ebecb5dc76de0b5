"""The sample pages behind addresses, for tests in a real browser, with the project's own middleware and content policy."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.urls import include, path

from tests.core import samples


@login_not_required
def sample(request, name):
    """A sample page; it sets the CSRF cookie as any page with a form does."""
    return HttpResponse(samples.render(name, csrf_token=get_token(request)))


@login_not_required
def new_session(request):
    """Changes the CSRF secret, as signing in again in another tab does."""
    rotate_token(request)
    return HttpResponse("changed")


@login_not_required
def echo(request, status):
    """Answers with the status in the address and says what was typed."""
    return HttpResponse(f"<p id='echo'>{status}: {request.POST.get('note', '')}</p>", status=status)


urlpatterns = [
    path("sample/<name>/", sample),
    path("new-session/", new_session),
    path("echo/<int:status>/", echo),
    path("look/", include("debriefs.core.urls")),
    path("accounts/login/", new_session, name="account_login"),
    path("accounts/logout/", echo, {"status": 200}, name="account_logout"),
    path("accounts/me/", new_session, name="me"),
]
