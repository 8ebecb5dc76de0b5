"""The bank of questions, and guides that come in from elsewhere."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.guides import actions, queries
from debriefs.guides.exchange import Unreadable, from_json
from debriefs.guides.forms import BankForm, GuideFileForm
from debriefs.guides.permissions import can_edit_guides, is_outside_interviewer
from debriefs.guides.views.reading import readers


@readers
@require_safe
def question_bank(request: ProgrammeRequest) -> HttpResponse:
    """Every question of the programme, once, with where it is asked. An outside interviewer knows only the guides they ask with: 404."""
    if is_outside_interviewer(request.person):
        raise Http404
    page = {"entries": queries.bank_of(request.programme), "can_edit": can_edit_guides(request.person)}
    return render(request, "guides/question_bank.html", page)


@roles_required(Role.ADMIN)
@require_POST
def question_retire(request: ProgrammeRequest) -> HttpResponse:
    """A question is offered no more, or again."""
    form = BankForm(request.POST, known=[entry.text.key for entry in queries.bank_of(request.programme)])
    if form.is_valid():
        act = actions.restore_question if form.cleaned_data["again"] else actions.retire_question
        act(programme=request.programme, key=form.cleaned_data["key"], by=request.person, now=clock.now())
    else:
        messages.error(request, _("There is no such question."))
    return redirect(programme_url(request.programme, "guides:question_bank"))


@roles_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def guide_import(request: ProgrammeRequest) -> HttpResponse:
    """A guide from a file becomes the draft of a new guide; a wrong file is refused with the place."""
    form = GuideFileForm(
        request.POST or None, request.FILES or None, back=programme_url(request.programme, "guides:guide_list")
    )
    if request.method == "POST" and form.is_valid():
        try:
            guide = from_json(form.cleaned_data["file"].read())
            facts = vars(guide) | {"name": form.cleaned_data["name"] or guide.name}
            draft = actions.create_guide(programme=request.programme, by=request.person, now=clock.now(), **facts)
        except Unreadable as error:
            form.add_error("file", str(error))
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The guide stands as a draft. Read it, then publish it."))
            return redirect(programme_url(request.programme, "guides:version_page", version_id=draft.pk))
    page = {"form": form, "heading": _("Take in a guide")}
    return render(request, "guides/guide_form.html", page, status=422 if request.method == "POST" else 200)
