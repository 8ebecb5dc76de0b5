"""Users, programmes, their people, teams and invitations."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Affiliation, Audience, Role
from accounts.logo_models import ProgrammeLogo
from debriefs.foundation.addresses import address_key
from debriefs.foundation.validators import known_time_zone

__all__ = [
    "Invitation",
    "Membership",
    "Person",
    "Programme",
    "ProgrammeLogo",
    "Team",
    "TeamMember",
    "User",
    "UserManager",
]


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; there is no superuser, rights come from memberships."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A saved user whose address is normalised; without a password they cannot sign in until they choose one."""
        user = self.model(email=address_key(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user by address, however it is spelt."""
        return self.get(email=address_key(username or ""))


class User(AbstractBaseUser):
    """A human who can sign in. What they may see comes from the Person they are in each programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name


class Programme(models.Model):
    """The workspace of one company's debriefs: every deal, guide, call, finding and lesson belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    company_name = models.CharField(max_length=120)
    postal_address = models.CharField(max_length=300, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    privacy_notice = models.TextField(blank=True, max_length=20_000)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}$")])
    colour = models.CharField(max_length=7, default="#0f766e", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    call_minutes = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(10), MaxValueValidator(180)]
    )
    cooling_off_days = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(60)])
    best_within_days = models.PositiveSmallIntegerField(default=21, validators=[MaxValueValidator(365)])
    overdue_after_days = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(365)])
    contact_protection_days = models.PositiveSmallIntegerField(default=90, validators=[MaxValueValidator(730)])
    owner_reads_first_hours = models.PositiveSmallIntegerField(default=24, validators=[MaxValueValidator(720)])
    write_up_due_days = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(60)])
    # How long an outside interviewer still reads an own assignment after its release.
    outside_access_days = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(365)])
    smallest_group = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(5), MaxValueValidator(50)]
    )
    # Of a hundred written-up debriefs, how many a second coder codes blind.
    second_coding_percent = models.PositiveSmallIntegerField(default=20, validators=[MaxValueValidator(100)])
    # How long a buyer's yes to a quote holds, and how often a year one buyer's words are used.
    quote_valid_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    quote_uses_a_year = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.TEAM)
    second_factor_roles = ArrayField(models.CharField(max_length=12, choices=Role.choices), default=list, blank=True)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cooling_off_days__lt=models.F("best_within_days"))
                & Q(best_within_days__lte=models.F("overdue_after_days")),
                name="programme_window_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A human on our side as one programme knows them, with or without an account.

    A salesperson known only by name from the CRM is a Person without a user; when the account is matched later, everything
    said about the Person holds for the account.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="persons")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    affiliation = models.CharField(max_length=12, choices=Affiliation.choices, default=Affiliation.COMPANY)
    department = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user"], condition=Q(user__isnull=False), name="person_one_per_user"
            ),
            models.UniqueConstraint("programme", Lower("email"), condition=~Q(email=""), name="person_one_per_email"),
        ]
        indexes = [models.Index("programme", Lower("name"), name="person_programme_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles held now; empty without a live membership. Costs a query unless `membership` was joined."""
        membership = getattr(self, "membership", None)
        return frozenset(membership.roles) if membership and membership.ended_at is None else frozenset()

    def has_role(self, *roles: str) -> bool:
        """Whether any of the roles is held now."""
        return not self.roles.isdisjoint(roles)


class Membership(models.Model):
    """What a Person may do in the programme, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="membership")
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="membership_has_a_role"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]), name="membership_known_roles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.programme}"

    @property
    def role_names(self) -> str:
        """The roles in words."""
        return ", ".join(str(Role(role).label) for role in Role.values if role in self.roles)


class Team(models.Model):
    """A sales team of the programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("programme", Lower("name"), name="team_one_name")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A Person's place in a team, as member or as its manager."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_places")
    is_manager = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Invitation(models.Model):
    """An address asked to join a programme with roles. The link's token is an HMAC; nothing secret is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices))
    teams = models.ManyToManyField(Team, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "programme",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return _("Invitation of %(email)s") % {"email": self.email}

    @property
    def role_names(self) -> str:
        """The roles offered, in words."""
        return ", ".join(str(Role(role).label) for role in Role.values if role in self.roles)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at
