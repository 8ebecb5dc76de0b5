"""Coding and review, up to the release."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.actions import give_review_back
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import may_review
from debriefs.calls.queries import debrief_visible_to
from debriefs.core.typed import texts_typed
from debriefs.findings import actions, batches, changes, locking, pages, permissions
from debriefs.findings.forms import FindingForm, FoldForm, MaskForm, RecodeForm, ReleaseForm
from debriefs.findings.models import Finding
from debriefs.findings.refusals import FindingIsStale, StoryIsStale
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale
from debriefs.interviews.reading import record_reading

_form_view = require_http_methods(["GET", "HEAD", "POST"])


def _offered(request: ProgrammeRequest, debrief_id: UUID) -> Debrief:
    """The debrief, 404 for whoever could not review it, 403 while they code it blind."""
    debrief = debrief_visible_to(request.person, debrief_id)
    if not may_review(request.person, debrief):
        raise Http404
    if permissions.codes_blind(request.person, debrief):
        raise PermissionDenied(locking.blind_sentence())
    return debrief


def _debrief(request: ProgrammeRequest, debrief_id: UUID) -> Debrief:
    """The debrief as `_offered`, and 403 with a sentence while its review is not the person's."""
    debrief = _offered(request, debrief_id)
    if not permissions.can_review(request.person, debrief):
        raise PermissionDenied(locking.not_theirs(debrief))
    return debrief


def _finding(request: ProgrammeRequest, finding_id: UUID) -> Finding:
    finding = get_object_or_404(
        Finding.objects.select_related("debrief", "driver"), pk=finding_id, programme=request.programme
    )
    finding.debrief = _debrief(request, finding.debrief_id)
    return finding


def _back(request: ProgrammeRequest, debrief: Debrief) -> str:
    return programme_url(request.programme, "findings:coding", debrief_id=debrief.pk)


def _coding(
    request: ProgrammeRequest, debrief: Debrief, status: int = 200, *, typed: Any = None, **more: Any
) -> HttpResponse:
    if not permissions.can_review(request.person, debrief):
        offer = pages.offer_page(request.person, debrief) | {
            "error": more.get("error", ""),
            "typed": texts_typed(request),
        }
        return render(request, "findings/review_offer.html", offer, status=status)
    page = pages.coding_page(request.person, debrief, clock.now(), typed)
    form = FindingForm(programme=request.programme, back="", action=_add_url(request, debrief))
    return render(request, "findings/coding.html", page | {"form": form} | more, status=status)


def _add_url(request: ProgrammeRequest, debrief: Debrief) -> str:
    return programme_url(request.programme, "findings:finding_add", debrief_id=debrief.pk)


def _acted(
    request: ProgrammeRequest, debrief: Debrief, act: Callable[[datetime], Any], said: str, *, typed: Any = None
) -> HttpResponse:
    """Runs an act and goes back to the workspace; a refusal is said there, 409 when somebody else was faster."""
    try:
        act(clock.now())
    except Refusal as refusal:
        status = 409 if isinstance(refusal, Stale) else 422
        # Who reviews it may be what changed.
        debrief.refresh_from_db(fields=["reviewer"])
        return _coding(request, debrief, status, error=str(refusal), typed=typed)
    messages.success(request, said)
    return redirect(_back(request, debrief))


@require_safe
def coding(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Answers left, findings right, our reason beside the buyer's; before the review is taken on, nothing but the offer of it.

    Each reading is recorded.
    """
    return _coding(request, _offered(request, debrief_id))


@require_POST
def review_open(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes the review on, in somebody's place where the page said so, and the interviewer's tags over as finding drafts."""
    debrief = _offered(request, debrief_id)
    over = "take_over" in request.POST
    take = lambda now: actions.open_review(debrief=debrief, by=request.person, now=now, take_over=over)  # noqa: E731
    return _acted(request, debrief, take, _("The interviewer’s tags stand as findings now."))


@require_POST
def review_give_back(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Ends the review of whoever took it on; what was coded stays for whoever takes it on next."""
    debrief = _debrief(request, debrief_id)
    try:
        give_review_back(debrief=debrief, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _coding(request, debrief, 422, error=str(refusal))
    messages.success(request, _("Given back. It waits for a reviewer again."))
    return redirect(programme_url(request.programme, "findings:review_list"))


@require_POST
def finding_add(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Adds a finding."""
    debrief = _debrief(request, debrief_id)
    form = FindingForm(request.POST, programme=request.programme, back="", action=_add_url(request, debrief))
    if not form.is_valid():
        return _coding(request, debrief, 422, form=form)
    try:
        actions.save_finding(debrief=debrief, by=request.person, now=clock.now(), **form.facts())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _coding(request, debrief, 422, form=form)
    messages.success(request, _("Saved."))
    return redirect(_back(request, debrief))


@_form_view
def finding_edit(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Changes a finding without losing its evidence; 409 with both texts when somebody else changed it meanwhile."""
    finding = _finding(request, finding_id)
    debrief, back = finding.debrief, _back(request, finding.debrief)
    form = FindingForm(request.POST or None, programme=request.programme, back=back, initial=pages.initial_of(finding))
    if request.method != "POST":
        return _edit(request, debrief, form)
    if not form.is_valid():
        return _edit(request, debrief, form, 422)
    base = form.cleaned_data["version"]
    try:
        actions.save_finding(
            debrief=debrief, finding=finding, base_version=base, by=request.person, now=clock.now(), **form.facts()
        )
    except FindingIsStale as stale:
        return _stale(request, debrief, form, stale)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _edit(request, debrief, form, 422)
    messages.success(request, _("Saved."))
    return redirect(back)


def _edit(
    request: ProgrammeRequest, debrief: Debrief, form: FindingForm, status: int = 200, **more: Any
) -> HttpResponse:
    if request.method == "GET":
        record_reading("findings.read", request.person, debrief, clock.now())
    page = {"form": form, "debrief": debrief, "back": _back(request, debrief)}
    return render(request, "findings/finding_edit.html", page | more, status=status)


def _stale(request: ProgrammeRequest, debrief: Debrief, form: FindingForm, stale: FindingIsStale) -> HttpResponse:
    """What was typed again, beside what is saved now; saving once more is then a decision."""
    if stale.current is None:
        form.helper.form_action = _add_url(request, debrief)
        return _edit(request, debrief, form, 409, stale=stale.sentence)
    labels = {name: str(field.label) for name, field in form.fields.items()}
    found = pages.differences(stale.current, form.facts(), labels)
    form.data = {**form.data.dict(), "version": str(stale.current.version)}  # type: ignore[attr-defined]
    return _edit(request, debrief, form, 409, stale=stale.sentence, differences=found)


@require_POST
def finding_remove(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Removes a finding."""
    finding = _finding(request, finding_id)
    remove = lambda now: actions.remove_finding(finding=finding, by=request.person, now=now)  # noqa: E731
    return _acted(request, finding.debrief, remove, _("Removed. The tag stays with the answers."))


@require_POST
def finding_primary(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Says that this finding decided."""
    finding = _finding(request, finding_id)
    primary = lambda now: actions.make_primary(finding=finding, by=request.person, now=now)  # noqa: E731
    return _acted(request, finding.debrief, primary, _("Noted as what decided."))


@require_POST
def finding_recode(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Puts a finding under another driver; words, note and mask stay."""
    finding = _finding(request, finding_id)
    form = RecodeForm(request.POST, programme=request.programme)
    if not form.is_valid():
        return _coding(request, finding.debrief, 422, error=_("Choose a driver that the codebook offers."))
    recode = lambda now: actions.recode_finding(finding=finding, by=request.person, now=now, **form.cleaned_data)  # noqa: E731
    return _acted(request, finding.debrief, recode, _("Coded anew. Words and notes stand as they were."))


@require_POST
def finding_fold(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Moves a finding's words and note to another finding of the debrief."""
    finding = _finding(request, finding_id)
    form = FoldForm(request.POST, findings=Finding.objects.filter(debrief=finding.debrief).exclude(pk=finding.pk))
    if not form.is_valid():
        return _coding(request, finding.debrief, 422, error=_("Choose another finding of this debrief."))
    fold = lambda now: actions.fold_finding(finding=finding, by=request.person, now=now, **form.cleaned_data)  # noqa: E731
    return _acted(request, finding.debrief, fold, _("Moved. Both stand together now."))


@require_POST
def finding_undo(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes back the reviewer's own last act on the findings."""
    debrief = _debrief(request, debrief_id)
    undo = lambda now: actions.undo(debrief=debrief, by=request.person, now=now)  # noqa: E731
    said = _("Undone.") if changes.last_act(debrief, request.person) else _("There is nothing to undo.")
    return _acted(request, debrief, undo, said)


@require_POST
def finding_mask(request: ProgrammeRequest, finding_id: UUID) -> HttpResponse:
    """Sets the words as they will be released."""
    finding = _finding(request, finding_id)
    form = MaskForm(request.POST)
    if not form.is_valid():
        return _coding(request, finding.debrief, 422, error=_("That text is too long: 4,000 characters at most."))
    words = {"verbatim": form.cleaned_data["masked_verbatim"], "note": form.cleaned_data["masked_note"]}
    base = form.cleaned_data["version"]
    # A field that was emptied on the page would be released as it was noted: no words mean that.
    emptied = [name for name, text in words.items() if f"masked_{name}" in request.POST and not text]
    if base in (None, finding.version) and any(getattr(finding, name).strip() for name in emptied):
        error = _(
            "Left empty, the words would be released as they were noted. Write what may be released, or change the finding."
        )
        return _coding(request, finding.debrief, 422, error=error, typed={finding.pk: words})
    mask = lambda now: actions.mask_finding(  # noqa: E731
        finding=finding, base_version=base, by=request.person, now=now, **words
    )
    return _acted(request, finding.debrief, mask, _("These words will be released."), typed={finding.pk: words})


@require_POST
def debrief_review(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Marks the debrief as reviewed."""
    debrief = _debrief(request, debrief_id)
    done = lambda now: actions.review(debrief=debrief, by=request.person, now=now)  # noqa: E731
    return _acted(request, debrief, done, _("Reviewed. It can be released now."))


@_form_view
def debrief_release(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Shows what a release would show to whom, and releases, or keeps what was written for the next batch."""
    debrief = _debrief(request, debrief_id)
    page = pages.release_plan_page(request.person, debrief, request.POST, clock.now())
    form = ReleaseForm(
        request.POST or None, back=_back(request, debrief), asks_about_words=page["asks"], initial=page["prepared"]
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _released(request, debrief, form)
        except StoryIsStale as stale:
            page |= pages.prepared_meanwhile(debrief)
            form.ask_again(seen=page["seen"], looked_at=form.story().digest)
            form.add_error(None, str(stale))
        except Refusal as refusal:
            form.ask_again(looked_at=form.story().digest)
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "findings/debrief_release.html", page | {"form": form}, status=status)


def _released(request: ProgrammeRequest, debrief: Debrief, form: ReleaseForm) -> HttpResponse:
    confirmed, seen = form.is_confirmed(), form.cleaned_data["seen"]
    if "batch" in request.POST:
        batches.prepare(
            debrief=debrief,
            story=form.story(),
            words_confirmed=confirmed,
            by=request.person,
            now=clock.now(),
            seen=seen,
        )
        messages.success(request, _("Kept for the next batch. Nobody reads it yet."))
        return redirect(programme_url(request.programme, "findings:release_batch"))
    made = actions.release(
        debrief=debrief,
        words_confirmed=confirmed,
        by=request.person,
        now=clock.now(),
        seen=seen,
        **form.story()._asdict(),
    )
    messages.success(request, _("Released. The owner reads it first."))
    return redirect(programme_url(request.programme, "findings:release_page", release_id=made.pk))


@roles_required(Role.REVIEWER, Role.ADMIN)
@require_safe
def review_list(request: ProgrammeRequest) -> HttpResponse:
    """What waits for review, oldest first."""
    return render(request, "findings/review_list.html", pages.review_list_page(request.person))
