"""Deals with their companies, people and notes.

`db_constraint=False` marks keys that a composite one stands for: (programme_id, x_id) refers to a row of the same programme
(foundation.same_programme), which says all that Django's own key would, and a row that must belong to a deal has the deal's programme.
Checking each of them twice was half of an import's time. `db_index=False` beside it: another index starts with the column.
"""

import uuid
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models import Person, Programme, Team
from debriefs.codebook.models import Category, Driver
from debriefs.deals.enums import (
    CHANGE_NAMES,
    CONTACT_LANGUAGES,
    DECIDED,
    HEARD,
    Approval,
    DebriefState,
    DecisionPart,
    Outcome,
    PartyKind,
    Selection,
    WithdrawnBy,
)
from debriefs.deals.import_models import DealImport, ImportConflict, ImportRejection, UploadedFile, UploadedPart
from debriefs.deals.need_models import Need
from debriefs.deals.search import Folded
from debriefs.deals.selection_models import SelectionDecision, SelectionExclusion, SelectionRules
from debriefs.deals.window import Window, window_of
from debriefs.foundation.validators import known_time_zone

__all__ = [
    "Approach", "Company", "Competitor", "Contact", "Deal", "DealChange", "DealCompetitor", "DealContact", "DealImport",
    "DealParty", "ImportConflict", "ImportRejection", "Named", "Need", "Offering", "OwnView", "SalesNote", "SavedView", "SelectionDecision",
    "SelectionExclusion", "SelectionRules", "UploadedFile", "UploadedPart",
]  # fmt: skip


class Named(models.Model):
    """Something a programme knows by name; `name_key` is the name as it is compared."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    # The import that made it, so that undoing the import can take it away; nothing for what a person typed. No index: only undoing
    # asks, once per import.
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Company(Named):
    """The buyer's organisation; the unit that k-anonymity counts."""

    segment = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name_key"], name="company_one_name")]


class Offering(Named):
    """What was offered."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name_key"], name="offering_one_name")]


class Competitor(Named):
    """Whom the buyer looked at besides us."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "name_key"], name="competitor_one_name")]


class Deal(models.Model):
    """One opportunity of the CRM, or typed in.

    `owner` repeats the live DealParty of kind owner, and `debrief_state`, `hands_off_since` and `search_text` are pushed here
    by the actions that change them, so that a list filters, sorts and searches in one query.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="deals")
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=250)
    company = models.ForeignKey(
        Company, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="deals"
    )
    team = models.ForeignKey(
        Team, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="deals"
    )
    owner = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_deals"
    )
    offering = models.ForeignKey(
        Offering, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="deals"
    )
    solution_presented = models.TextField(blank=True, max_length=5_000, db_default="")
    segment = models.CharField(max_length=80, blank=True)
    stage = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.OPEN)
    withdrawn_by = models.CharField(max_length=8, choices=WithdrawnBy.choices, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    implementation_starts_on = models.DateField(null=True, blank=True)
    winner = models.ForeignKey(
        Competitor,
        db_constraint=False,
        db_index=False,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    competitors = models.ManyToManyField(Competitor, through="DealCompetitor", related_name="deals")
    crm_reason = models.CharField(max_length=300, blank=True)
    own_reason_category = models.ForeignKey(
        Category, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    own_reason_driver = models.ForeignKey(
        Driver, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_on = models.DateField(null=True, blank=True)
    announced_by = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    selection = models.CharField(max_length=12, choices=Selection.choices, default=Selection.UNDECIDED)
    selection_reason = models.CharField(max_length=300, blank=True)
    out_of_statistics = models.BooleanField(default=False, db_default=False)
    debrief_state = models.CharField(max_length=12, choices=DebriefState.choices, default=DebriefState.NONE)
    hands_off_since = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True)
    # Names of the contacts: found by those only who see the deal's contacts, so kept apart.
    contact_text = models.TextField(blank=True)
    # Both as they are searched; the database keeps them.
    search_key = models.GeneratedField(
        expression=Folded(F("search_text")), output_field=models.TextField(), db_persist=True
    )
    contact_key = models.GeneratedField(
        expression=Folded(F("contact_text")), output_field=models.TextField(), db_persist=True
    )
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "source", "external_id"], condition=~Q(external_id=""), name="deal_one_external_id"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=DECIDED) | Q(decided_on__isnull=False), name="deal_decided_has_date"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by="") | Q(outcome=Outcome.WITHDRAWN), name="deal_withdrawn_by_when_withdrawn"
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "-decided_on", "id"], name="deal_decided"),
            models.Index(fields=["programme", "outcome", "-decided_on", "id"], name="deal_outcome_decided"),
            # With the facts that a team's deals are most often narrowed and sorted by, so that those of a large team are counted
            # and sorted without being read.
            models.Index(
                fields=["programme", "team", "-decided_on", "id"],
                include=["outcome", "segment", "amount"],
                name="deal_team_facts",
            ),
            models.Index(fields=["winner", "id"], name="deal_winner_deals"),
            # What figures are counted from, so that no page of them reads the deals themselves.
            models.Index(
                fields=["programme", "decided_on"],
                include=["id", "outcome", "selection", "team", "segment"],
                condition=Q(outcome__in=DECIDED, out_of_statistics=False),
                name="deal_counted",
            ),
            models.Index(
                fields=["programme", "debrief_state", "-decided_on", "id"], include=["outcome"], name="deal_state_facts"
            ),
            models.Index(fields=["programme", "owner", "-decided_on", "id"], name="deal_owner_decided"),
            models.Index(fields=["programme", "segment", "-decided_on", "id"], name="deal_segment_decided"),
            models.Index(F("programme"), F("amount").desc(nulls_last=True), F("id"), name="deal_amount"),
            models.Index(F("programme"), F("amount").asc(nulls_last=True), F("id"), name="deal_amount_up"),
            models.Index(fields=["programme", "name", "id"], name="deal_name"),
            models.Index(
                fields=["programme", "selection", "-decided_on", "id"],
                condition=Q(selection=Selection.PASSED_OVER),
                name="deal_passed_over",
            ),
            models.Index(
                fields=["programme"],
                condition=Q(selection=Selection.UNDECIDED) & ~Q(outcome=Outcome.OPEN),
                name="deal_selection_due",
            ),
            # Every search reads the list of what is still to be sorted in, as often as it looks something up: kept short (kB).
            GinIndex(
                OpClass(F("search_key"), name="gin_trgm_ops"), name="deal_search_trigrams", gin_pending_list_limit=512
            ),
            GinIndex(
                OpClass(F("contact_key"), name="gin_trgm_ops"), name="deal_contact_trigrams", gin_pending_list_limit=512
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def window_on(self, today: date) -> Window | None:
        """The window of the decision under the programme's settings; None for an undecided deal. The programme must be joined."""
        if self.decided_on is None or self.outcome not in DECIDED:
            return None
        programme = self.programme
        return window_of(
            self.decided_on,
            today,
            cooling_off_days=programme.cooling_off_days,
            best_within_days=programme.best_within_days,
            overdue_after_days=programme.overdue_after_days,
            implementation_starts_on=self.implementation_starts_on if self.outcome == Outcome.WON else None,
        )

    @property
    def awaits_debrief(self) -> bool:
        """Whether a conversation about the deal may still come: decided, not passed over, none held or given up."""
        return (
            self.outcome in DECIDED
            and self.selection != Selection.PASSED_OVER
            and self.debrief_state not in (*HEARD, DebriefState.CLOSED)
        )

    @property
    def outcome_group(self) -> str:
        """The group that guides serve: the outcome, with the two withdrawals apart."""
        if self.outcome == Outcome.WITHDRAWN:
            return f"withdrawn_{self.withdrawn_by or WithdrawnBy.BUYER}"
        return self.outcome


class SavedView(models.Model):
    """A view of the deal list that a person named: the query string of the address, and nothing of what it found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("person", Lower("name"), name="saved_view_one_name")]

    def __str__(self) -> str:
        return self.name


class DealCompetitor(models.Model):
    """A competitor met in a deal."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(
        Programme, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    deal = models.ForeignKey(Deal, db_constraint=False, db_index=False, on_delete=models.CASCADE, related_name="+")
    competitor = models.ForeignKey(
        Competitor, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "competitor"], name="deal_competitor_once")]
        # With the deal's id, so that a competitor's deals are known from the index alone.
        indexes = [models.Index(fields=["competitor", "deal"], name="deal_competitor_deals")]


class DealParty(models.Model):
    """A Person's part in a deal: owner, deal team or interviewer. Ended, never removed.

    One row per deal and Person, whatever the kind: who ever sold cannot interview, and two people assigning at the same
    moment cannot both win, because the database takes only one row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        Programme, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    deal = models.ForeignKey(
        Deal, db_constraint=False, db_index=False, on_delete=models.CASCADE, related_name="parties"
    )
    person = models.ForeignKey(
        Person, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="deal_parts"
    )
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    part = models.CharField(max_length=80, blank=True)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "person"], name="deal_party_once"),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(kind=PartyKind.OWNER, ended_at__isnull=True), name="deal_party_one_owner"
            ),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="deal_party_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Contact(models.Model):
    """A person on the buyer's side. Personal data: erased on request, and then only the row's id remains."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(
        Company, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, validators=[known_time_zone])
    language = models.CharField(max_length=10, default="en")
    # When somebody made sure that the address reaches this person.
    email_checked_at = models.DateTimeField(null=True, blank=True)
    email_checked_by = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    # Of somebody erased: seals of the name within each company it was known in, so that no file without addresses names them again.
    sealed_names = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "email_key"], condition=~Q(email_key=""), name="contact_one_per_address"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language_label(self) -> str:
        """The language in which the contact is written to, in words."""
        return str(CONTACT_LANGUAGES.get(self.language, self.language))


class DealContact(models.Model):
    """A Contact's part in a deal's decision, and whether they may be asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        Programme, db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    deal = models.ForeignKey(
        Deal, db_constraint=False, db_index=False, on_delete=models.CASCADE, related_name="deal_contacts"
    )
    contact = models.ForeignKey(Contact, db_constraint=False, on_delete=models.PROTECT, related_name="deal_contacts")
    part = models.CharField(max_length=16, choices=DecisionPart.choices, default=DecisionPart.UNKNOWN)
    is_primary = models.BooleanField(default=False)
    approval = models.CharField(max_length=12, choices=Approval.choices, default=Approval.WAITING)
    approved_by = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approval_reason = models.CharField(max_length=300, blank=True)
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "contact"], name="deal_contact_once"),
            models.UniqueConstraint(fields=["deal"], condition=Q(is_primary=True), name="deal_contact_one_primary"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} in {self.deal}"


class SalesNote(models.Model):
    """What our side wrote about a deal, dated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    deal = models.ForeignKey(Deal, db_constraint=False, on_delete=models.CASCADE, related_name="notes")
    written_on = models.DateField()
    author = models.ForeignKey(
        Person, db_constraint=False, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    imported_by = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ["written_on", "id"]

    def __str__(self) -> str:
        return f"{self.written_on}: {self.deal}"


class OwnView(models.Model):
    """The owner's answers before the debrief, saved as typed; others read them from `given_at` on.

    `closed_at` is set when the interview starts; then nothing changes any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="own_view")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True, max_length=10_000)
    what_mattered = models.TextField(blank=True, max_length=10_000)
    when_it_changed = models.TextField(blank=True, max_length=10_000)
    what_to_hear = models.TextField(blank=True, max_length=10_000)
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Own view of {self.deal}"

    @property
    def says_something(self) -> bool:
        """Whether any of it is answered."""
        texts = (self.why, self.what_mattered, self.when_it_changed, self.what_to_hear)
        return self.driver_id is not None or any(text.strip() for text in texts)


class Approach(models.Model):
    """That a mailbox was approached for a debrief, and until when it is protected from another approach.

    The database refuses two overlapping protections of one address in one programme; an overruled approach carries its reason
    and stands outside the rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="approaches")
    address_key = models.CharField(max_length=254)
    debrief_id = models.UUIDField()
    protected = DateRangeField()
    overruled_reason = models.CharField(max_length=300, blank=True)
    overruled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="approach_protected",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("address_key", RangeOperators.EQUAL),
                    ("protected", RangeOperators.OVERLAPS),
                ],
                condition=Q(overruled_reason=""),
            )
        ]


class DealChange(models.Model):
    """One change of one field of a deal: who, when, from what, to what."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    deal = models.ForeignKey(Deal, db_constraint=False, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, db_constraint=False, on_delete=models.PROTECT, null=True, related_name="+")
    deal_import = models.ForeignKey(
        DealImport, db_constraint=False, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    field = models.CharField(max_length=60)
    # Set on the lines of an import that was undone, and on those that put the values back.
    undone_at = models.DateTimeField(null=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["deal", "-at"], name="deal_change_at")]

    @property
    def field_label(self) -> str:
        """What people call the field."""
        return str(CHANGE_NAMES.get(self.field, self.field))
