"""The words of the programme's mails: chosen, looked at, and taken back to the delivered ones."""

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, notice_texts, text_pages
from debriefs.calls.notice_words import label_of
from debriefs.calls.text_forms import NoticeTextForm
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale

_MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'none'"],
    "sandbox": [""],
}


@roles_required(Role.ADMIN)
@require_safe
def text_list(request: ProgrammeRequest) -> HttpResponse:
    """Every mail and language, and where the programme has words of its own."""
    return render(request, "calls/text_list.html", {"rows": text_pages.rows(request.programme)})


def _known(kind: str, audience: str, language: str) -> dict[str, str]:
    if (kind, audience) not in notice_texts.editable() or language not in dict(settings.LANGUAGES):
        raise Http404
    return {"kind": kind, "audience": audience, "language": language}


def _form(request: ProgrammeRequest, which: dict[str, str]) -> NoticeTextForm:
    """The form with what was typed, else with the words that hold."""
    delivered = notice_texts.delivered(**which)
    latest = notice_texts.versions(request.programme, **which).first()
    words = latest if latest and not latest.is_delivered else delivered
    return NoticeTextForm(
        request.POST or None,
        names=notice_texts.names_for(which["kind"], which["audience"]),
        has_button=bool(delivered.button),
        back=programme_url(request.programme, "calls:text_list"),
        initial={
            "subject": words.subject, "body": words.body, "button": words.button, "base": latest.version if latest else 0,
        },
    )  # fmt: skip


def _shown(
    request: ProgrammeRequest,
    form: NoticeTextForm,
    which: dict[str, str],
    *,
    error: str = "",
    preview: object = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form, "names": form.names, "label": label_of(which["kind"]), "error": error, "preview": preview, **which,
        "language_name": dict(settings.LANGUAGES)[which["language"]],
        "versions": notice_texts.versions(request.programme, **which).select_related("written_by")[:20],
    }  # fmt: skip
    return render(request, "calls/text_page.html", context, status=status)


@roles_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def text_page(request: ProgrammeRequest, text_kind: str, audience: str, text_language: str) -> HttpResponse:
    """The words of one mail in one language; POST saves them, or shows them with real data (`preview`)."""
    which = _known(text_kind, audience, text_language)
    form = _form(request, which)
    if request.method != "POST":
        return _shown(request, form, which)
    if not form.is_valid():
        return _shown(request, form, which, status=422)
    if "preview" in request.POST:
        made = text_pages.preview(form.text(), person=request.person, now=clock.now(), **which)
        return _shown(request, form, which, preview=made)
    try:
        actions.save_notice_text(
            text=form.text(), base=form.cleaned_data["base"], by=request.person, now=clock.now(), **which
        )
    except Stale as stale:
        return _shown(request, form, which, error=str(stale), status=409)
    messages.success(request, _("Saved. Mails that are sent from now on use these words."))
    return redirect(request.path)


@csp_replace(_MAIL_POLICY)
@roles_required(Role.ADMIN)
@require_POST
def text_html(request: ProgrammeRequest, text_kind: str, audience: str, text_language: str) -> HttpResponse:
    """The mail in HTML with the typed words and real data, as a page of its own that can run and load nothing."""
    which = _known(text_kind, audience, text_language)
    form = _form(request, which)
    if not form.is_valid():
        return _shown(request, form, which, status=422)
    made = text_pages.preview(form.text(), person=request.person, now=clock.now(), **which)
    return HttpResponse(made.get("html", _("There is no debrief yet whose data could be shown.")))


@roles_required(Role.ADMIN)
@require_POST
def text_reset(request: ProgrammeRequest, text_kind: str, audience: str, text_language: str) -> HttpResponse:
    """Back to the delivered words; what was chosen before stays among the versions."""
    which = _known(text_kind, audience, text_language)
    base = request.POST.get("base", "")
    try:
        actions.save_notice_text(
            text=None,
            base=int(base) if base.isdecimal() and len(base) < 9 else -1,
            by=request.person,
            now=clock.now(),
            **which,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The delivered words hold again."))
    return redirect(
        programme_url(
            request.programme, "calls:text_page", text_kind=text_kind, audience=audience, text_language=text_language
        )
    )
