"""The debrief with its stages as facts, its calls, and the prospect's link."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When

from accounts.models import Person, Programme, User
from debriefs.calls.enums import (
    CalendarKind,
    Channel,
    DeclineReason,
    ExceptionKind,
    Neutrality,
    ProspectNoteKind,
    Side,
)
from debriefs.calls.notice_text_models import NoticeText
from debriefs.calls.prospect_models import DataRequest
from debriefs.deals.enums import DebriefState, PartyKind
from debriefs.deals.models import Contact, Deal
from debriefs.foundation.validators import known_time_zone
from debriefs.guides.models import GuideVersion

__all__ = [
    "Call",
    "DataRequest",
    "Debrief",
    "InterviewerCalendar",
    "NoticeText",
    "ProspectLink",
    "ProspectNote",
    "WeeklyHours",
]


class Debrief(models.Model):
    """The whole of one conversation about one deal with one contact, from assignment to release.

    Every stage is a time and a person; `state` is derived from them by the database, so the two cannot disagree. A pause is no
    state: it holds whatever state there is. While the assignment stands, `interviewer_part` ties the row to the interviewer's
    DealParty by a foreign key, so that nobody who sold the deal can be its interviewer, whoever writes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="debriefs")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="debriefs")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="debriefs")
    interviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="debriefs_to_hold")
    reviewer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="debriefs_to_review"
    )
    # Written by the room above: who codes the debrief a second time, and reads what was noted for it.
    second_coder = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="debriefs_to_code_again"
    )
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="debriefs")
    neutrality = models.CharField(max_length=12, choices=Neutrality.choices)
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.VIDEO)
    place = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=30)
    is_primary = models.BooleanField(default=True)
    hypothesis = models.TextField(blank=True, max_length=10_000)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_up_at = models.DateTimeField(null=True, blank=True)
    written_up_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)
    # The buyer would rather answer in writing; the state stays as it is, and a call can still be chosen.
    writing_chosen_at = models.DateTimeField(null=True, blank=True)
    # Written by the room above: when the buyer opened the questions to answer them in writing, and when they sent their answers.
    written_begun_at = models.DateTimeField(null=True, blank=True)
    written_sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The window of days in which this call may lie; no limit where nothing is said.
    not_before_on = models.DateField(null=True, blank=True)
    not_after_on = models.DateField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pause_reason = models.CharField(max_length=300, blank=True)
    # Set when the assignment ended without a successor: the interviewer joined our side of the deal.
    interviewer_ended_at = models.DateTimeField(null=True, blank=True)
    interviewer_part = models.GeneratedField(
        expression=Case(
            When(closed_at__isnull=True, interviewer_ended_at__isnull=True, then=Value(PartyKind.INTERVIEWER.value)),
            default=None,
        ),
        output_field=models.CharField(max_length=12, null=True),
        db_persist=True,
    )
    state = models.GeneratedField(
        expression=Case(
            When(released_at__isnull=False, then=Value(DebriefState.RELEASED.value)),
            When(closed_at__isnull=False, then=Value(DebriefState.CLOSED.value)),
            When(reviewed_at__isnull=False, then=Value(DebriefState.REVIEWED.value)),
            When(written_up_at__isnull=False, then=Value(DebriefState.WRITTEN_UP.value)),
            When(held_at__isnull=False, then=Value(DebriefState.HELD.value)),
            When(declined_at__isnull=False, then=Value(DebriefState.DECLINED.value)),
            When(booked_at__isnull=False, then=Value(DebriefState.BOOKED.value)),
            When(invited_at__isnull=False, then=Value(DebriefState.INVITED.value)),
            default=Value(DebriefState.PLANNED.value),
        ),
        output_field=models.CharField(max_length=12, choices=DebriefState.choices),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "contact"], condition=Q(closed_at__isnull=True), name="debrief_one_open_per_contact"
            ),
            models.UniqueConstraint(
                fields=["deal"], condition=Q(is_primary=True, closed_at__isnull=True), name="debrief_one_primary"
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("interviewer")), name="debrief_reviewer_is_another"
            ),
            models.CheckConstraint(
                condition=Q(second_coder__isnull=True)
                | (~Q(second_coder=F("interviewer")) & (Q(reviewer__isnull=True) | ~Q(second_coder=F("reviewer")))),
                name="debrief_second_coder_is_a_third",
            ),
            models.CheckConstraint(
                condition=Q(written_up_at__isnull=True) | Q(held_at__isnull=False), name="debrief_written_up_after_held"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True) | Q(written_up_at__isnull=False),
                name="debrief_reviewed_after_write_up",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(reviewed_at__isnull=False),
                name="debrief_released_after_review",
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, decline_reason="")
                | (Q(declined_at__isnull=False) & ~Q(decline_reason="")),
                name="debrief_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(written_sent_at__isnull=True) | Q(written_begun_at__isnull=False),
                name="debrief_written_sent_after_begun",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_reason=""), name="debrief_closed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(pause_reason=""), name="debrief_paused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(interviewer_ended_at__isnull=True)
                | Q(paused_at__isnull=False)
                | Q(closed_at__isnull=False),
                name="debrief_without_interviewer_is_paused",
            ),
            models.CheckConstraint(
                condition=Q(interviewer_ended_at__isnull=True) | Q(held_at__isnull=True),
                name="debrief_heard_keeps_its_interviewer",
            ),
            models.CheckConstraint(
                condition=Q(not_before_on__isnull=True)
                | Q(not_after_on__isnull=True)
                | Q(not_before_on__lte=F("not_after_on")),
                name="debrief_window_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "state", "-planned_at"], name="debrief_programme_state"),
            models.Index(fields=["interviewer", "state"], name="debrief_interviewer_state"),
            models.Index(fields=["deal"], name="debrief_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.contact}"

    @property
    def takes_writing(self) -> bool:
        """Whether the buyer may still answer in writing: asked, not declined, not over, not written up and not sent yet. No query."""
        over = (self.declined_at, self.closed_at, self.written_up_at, self.written_sent_at)
        return self.invited_at is not None and not any(over)

    @property
    def offers_call_after_writing(self) -> bool:
        """Whether a debrief that rests on written answers alone may still become a call: until it is written up. No query."""
        return bool(self.written_sent_at and self.written_sent_at == self.held_at and not self.written_up_at)

    def get_state_display(self) -> str:
        """The word for the state. Written out, because Django makes none for a generated field."""
        return str(DebriefState(self.state).label)


class DebriefEvent(models.Model):
    """One act upon a debrief: when, by whom, and the reason they gave. Beside the audit log, which holds no words of people."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_by_prospect = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.action


class Call(models.Model):
    """One booked conversation of a debrief. A booking after a cancellation is a new Call, with a new calendar UID.

    `blocked` is the call with the interviewer's buffers. The database refuses two live calls that overlap for one human,
    whatever programmes they belong to, and for one mailbox of the buyer's side.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="calls")
    interviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calls")
    interviewer_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calls")
    contact_address_key = models.CharField(max_length=254)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    blocked = DateTimeRangeField()
    agreed_time_zone = models.CharField(max_length=64, validators=[known_time_zone])
    agreed_wall_time = models.CharField(max_length=40)
    ics_uid = models.CharField(max_length=120, unique=True)
    ics_sequence = models.PositiveIntegerField(default=0)
    ics_stamp = models.DateTimeField()
    booked_at = models.DateTimeField()
    moves = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    no_show_at = models.DateTimeField(null=True, blank=True)
    no_show_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # A zero-length range overlaps nothing, hence the first check.
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="call_end_after_start"),
            models.CheckConstraint(
                condition=Q(blocked__startswith__lte=F("starts_at"), blocked__endswith__gte=F("ends_at")),
                name="call_blocked_covers_call",
            ),
            ExclusionConstraint(
                name="call_no_overlap",
                expressions=[("blocked", RangeOperators.OVERLAPS), ("interviewer_user", RangeOperators.EQUAL)],
                condition=Q(cancelled_at__isnull=True),
            ),
            ExclusionConstraint(
                name="call_no_overlap_contact",
                expressions=[("blocked", RangeOperators.OVERLAPS), ("contact_address_key", RangeOperators.EQUAL)],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["debrief"],
                condition=Q(cancelled_at__isnull=True, no_show_at__isnull=True),
                name="call_one_live_per_debrief",
            ),
        ]
        indexes = [models.Index(fields=["programme", "starts_at"], name="call_programme_starts")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class InterviewerCalendar(models.Model):
    """How a human wants to be booked, whatever the programme."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="interviewer_calendar")
    buffer_before_minutes = models.PositiveSmallIntegerField(default=15)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=15)
    minimum_notice_hours = models.PositiveSmallIntegerField(default=24)
    most_calls_a_day = models.PositiveSmallIntegerField(default=4)
    # Languages in which the human interviews; that of their account where none is said.
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class WeeklyHours(models.Model):
    """A span of a weekday, in the human's own time zone, in which calls may be booked. Monday is 0."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="weekly_hours_end_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class AvailabilityException(models.Model):
    """Days, first and last included, that differ from the weekly hours; in the human's own zone.

    Away and holiday: the whole days, or the span of each day when `starts` and `ends` are given. Extra: that span is offered
    besides the weekly hours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="availability_exceptions")
    kind = models.CharField(max_length=8, choices=ExceptionKind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["starts_on", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="exception_days_in_order"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(ends__gt=F("starts")),
                name="exception_hours_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ExceptionKind.EXTRA) | Q(starts__isnull=False), name="exception_extra_has_hours"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"


class BusyCalendar(models.Model):
    """A calendar elsewhere whose busy times are read again and again. Its address is a secret and shown in part only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="busy_calendars")
    kind = models.CharField(max_length=8, choices=CalendarKind.choices, default=CalendarKind.BUSY)
    url = models.CharField(max_length=2000)
    added_at = models.DateTimeField()
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["added_at"]
        constraints = [models.UniqueConstraint(fields=["user", "url"], name="busy_calendar_once")]
        indexes = [models.Index(fields=["due_at"], name="busy_calendar_due")]

    def __str__(self) -> str:
        return str(self.pk)


class BusySpan(models.Model):
    """A time in which a calendar elsewhere says busy; nothing else of the event is kept."""

    id = models.BigAutoField(primary_key=True)
    calendar = models.ForeignKey(BusyCalendar, on_delete=models.CASCADE, related_name="spans")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_span_in_order")]
        indexes = [models.Index(fields=["user", "ends_at"], name="busy_span_user")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class CallFeed(models.Model):
    """The private address under which any calendar program reads a human's own calls. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="call_feed")
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class ProspectLink(models.Model):
    """The personal link of a debrief's contact.

    The token is an HMAC over `id` and `version` with a dedicated key; only its hash is here. Raising `version` revokes every
    link sent so far.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.OneToOneField(Debrief, on_delete=models.CASCADE, related_name="prospect_link")
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class ProspectNote(models.Model):
    """Words the prospect typed on the personal pages, kept whatever becomes of the debrief."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="prospect_notes")
    kind = models.CharField(max_length=12, choices=ProspectNoteKind.choices)
    text = models.TextField(max_length=5_000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return self.kind
