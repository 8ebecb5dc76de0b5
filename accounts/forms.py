"""What may be typed about programmes, people and oneself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.enums import Affiliation, Role
from accounts.logo_images import LEAST_SIDE, MOST_BYTES, LogoImage, NoLogo, logo_from
from accounts.models import Invitation, Person, Programme, Team, User
from accounts.queries import people_ever_in, people_without_account
from debriefs.core.colour import contrast, is_colour
from debriefs.core.layouts import page_form
from debriefs.foundation.time_zones import ZONES

ZONE_CHOICES = [(zone, zone) for zone in ZONES]
ENOUGH_CONTRAST = 4.5
# The first word of an action in the audit log, and what people call it.
AUDIT_SUBJECTS = [
    ("programme", _("Programme")), ("person", _("People and roles")), ("invitation", _("Invitations")), ("team", _("Teams")),
    ("import", _("Imports")), ("deal", _("Deals")), ("contact", _("Contacts")), ("selection", _("Selection of deals")), ("own_view", _("Own views")),
    ("guide", _("Guides")), ("debrief", _("Debriefs")), ("call", _("Calls")), ("consent", _("Consent of buyers")), ("data_request", _("Wishes of buyers")), ("availability", _("Availability")),
    ("answers", _("Reading of raw answers")), ("transcript", _("Transcripts")), ("sheet", _("Questionnaires")), ("permissions", _("Permissions of buyers")),
    ("verbatim", _("Verbatims")), ("tag", _("Driver tags")), ("reason", _("Stated reasons")), ("write_up", _("Write-ups")),
    ("rehearsal", _("Rehearsals")), ("finding", _("Findings")), ("release", _("Releases")), ("lesson", _("Lessons")),
]  # fmt: skip


class ProgrammeForm(forms.ModelForm):
    """The programme's settings."""

    time_zone = forms.ChoiceField(label=_("Time zone in which days are counted"), choices=ZONE_CHOICES)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For buyers whose own language is not known, or none of these; and for people who join."),
    )
    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Programme
        fields = (
            "name", "company_name", "postal_address", "contact_name", "contact_email", "privacy_notice", "time_zone", "language", "currency",
            "colour", "call_minutes",
            "owner_reads_first_hours", "write_up_due_days", "outside_access_days", "smallest_group", "audience", "second_coding_percent",
            "quote_valid_months", "quote_uses_a_year",
            "second_factor_roles",
        )  # fmt: skip
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "privacy_notice": forms.Textarea(attrs={"rows": 5}),
        }
        labels = {
            "name": _("Name of the programme"), "company_name": _("Company, as buyers know it"), "postal_address": _("Postal address"),
            "contact_name": _("Person buyers can write to"), "contact_email": _("Their address"), "privacy_notice": _("Privacy notice"),
            "currency": _("Reporting currency"), "colour": _("Colour"), "call_minutes": _("Minutes of a call"),
            "owner_reads_first_hours": _("Hours in which the owner reads first"), "write_up_due_days": _("Days for the write-up"),
            "outside_access_days": _("Days for which an outside interviewer still reads a released debrief"),
            "smallest_group": _("Smallest group shown (companies)"), "audience": _("Who reads a release"),
            "quote_valid_months": _("Months for which a buyer’s yes to a quote holds"),
            "quote_uses_a_year": _("Uses of one buyer’s words within a year"),
            "second_coding_percent": _("Percent of debriefs coded a second time, blind"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save the settings"))

    def clean_currency(self) -> str:
        """Three capital letters."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_colour(self) -> str:
        """A colour on which white text can be read; on dark pages it is lightened by the stylesheet."""
        colour = str(self.cleaned_data["colour"])
        if not is_colour(colour) or contrast(colour, "#ffffff") < ENOUGH_CONTRAST:
            raise forms.ValidationError(_("White text could not be read on this colour. Choose a darker one."))
        return colour


class LogoForm(forms.Form):
    """An image that becomes the programme's logo."""

    logo = forms.FileField(
        label=_("Image file"),
        help_text=_("PNG, JPEG or WebP, up to 2 MB. Buyers see it on their pages and in mails instead of the name."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Use this logo"), action=action, quiet=True)

    def clean_logo(self) -> LogoImage:
        """The logo, drawn anew from the file's pixels."""
        file = self.cleaned_data["logo"]
        try:
            return logo_from(file.read() if file.size <= MOST_BYTES else b"\0" * (MOST_BYTES + 1))
        except NoLogo as refused:
            raise forms.ValidationError(_NO_LOGO[refused.why]) from None


_NO_LOGO: dict[str, Any] = {
    "large": _("This image is too large. Choose one of at most 2 MB and 16 million pixels."),
    "small": _("This image is too small. Each side needs at least %(n)s pixels.") % {"n": LEAST_SIDE},
    "unreadable": _("This is no PNG, JPEG or WebP image that can be read. Save it as PNG and try again."),
}


class InviteForm(forms.Form):
    """A person to invite."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200)
    known_as = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Known from deals as"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_(
            "Choose the name under which somebody already stands on deals, so that they never interview in their own."
        ),
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    affiliation = forms.ChoiceField(label=_("Works for"), choices=Affiliation.choices)
    department = forms.CharField(label=_("Department"), max_length=80, required=False)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, programme: Programme, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["known_as"].queryset = people_without_account(programme)  # type: ignore[attr-defined]
        self.fields["teams"].queryset = Team.objects.filter(programme=programme).order_by("name")  # type: ignore[attr-defined]
        self.helper = page_form(self, act=_("Send the invitation"), back=back)


class RolesForm(forms.Form):
    """The roles of a member."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save the roles"), back=back)


class TeamForm(forms.Form):
    """A new team."""

    name = forms.CharField(label=_("Name of a new team"), max_length=120)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.helper = page_form(self, act=_("Add the team"))

    def clean_name(self) -> str:
        """A name no team of the programme has."""
        name = str(self.cleaned_data["name"]).strip()
        if Team.objects.filter(programme=self.programme, name__iexact=name).exists():
            raise forms.ValidationError(_("There is a team of this name already."))
        return name


class AuditFilter(forms.Form):
    """What narrows the audit log; anything unreadable in the address is as if it were not there."""

    subject = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("Everything")), *AUDIT_SUBJECTS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("By"),
        required=False,
        empty_label=_("Everybody"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_ever_in(programme)  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The readable part of the address, as `audit_page` takes it."""
        self.is_valid()
        data = self.cleaned_data
        return {"subject": data.get("subject", ""), "person": data.get("person"), "before": data.get("before")}


class AcceptForm(forms.Form):
    """Name and password of somebody who joins."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        label=_("Choose a password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), max_length=200,
        help_text=_("Ten characters or more; a sentence of your own is best."),
    )  # fmt: skip

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = invitation.email
        if invitation.person.name != invitation.email:
            self.initial["name"] = invitation.person.name
        self.helper = page_form(self, act=_("Join the programme"))

    def clean_password(self) -> str:
        """A password that is not easily guessed."""
        password = str(self.cleaned_data["password"])
        validate_password(password, User(email=self.email, name=self.data.get("name", "")))
        return password


class MeForm(forms.ModelForm):
    """One's own name, zone and language."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONE_CHOICES)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English"))])

    class Meta:
        model = User
        fields = ("name", "time_zone", "language")
        labels = {"name": _("Your name")}
        help_texts = {"name": _("A programme keeps the name by which it knows you.")}

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save"), back=back, back_label=_("Back to the programme"))
