"""A notice that stands for nothing: rendered from itself alone."""

from datetime import datetime

from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft, NoticeKind


def _render(notice: Notice, now: datetime) -> Draft:
    return Draft(subject=f"Probe {notice.dedupe_key}", text="Text.", html="<p>Text.</p>")


KIND = NoticeKind("fault_probe", "Probe", _render, lambda notice, now: None)
