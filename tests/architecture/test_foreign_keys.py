"""Foreign keys point downwards, and none joins two programmes."""

import pytest
from django.apps import apps
from django.db import connection, models

# From the lowest room up; a foreign key may point to the same room or to one further left.
ORDER = [
    "foundation",
    "core",
    "accounts",
    "codebook",
    "guides",
    "deals",
    "calls",
    "interviews",
    "findings",
    "lessons",
    "insights",
    "home",
]
BESIDE = {("guides", "deals"), ("deals", "guides")}


def _own_models() -> list[type[models.Model]]:
    return [model for label in ORDER for model in apps.get_app_config(label).get_models()]


def _foreign_keys() -> list[tuple[type[models.Model], models.ForeignKey]]:
    return [
        (model, field)
        for model in _own_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
    ]


def test_every_foreign_key_points_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model, field in _foreign_keys()
        if field.related_model._meta.app_label in ORDER
        and (
            ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
            or (model._meta.app_label, field.related_model._meta.app_label) in BESIDE
        )
    ]
    assert upward == []


def test_foundation_refers_to_nobody():
    assert [field for model, field in _foreign_keys() if model._meta.app_label == "foundation"] == []


def test_every_table_with_programme_data_carries_its_programme():
    # Users and their calendars are of the installation; what is not listed here must carry its programme.
    of_the_installation = {
        "accounts.User", "accounts.Programme", "calls.InterviewerCalendar", "calls.WeeklyHours",
        "calls.AvailabilityException", "calls.BusyCalendar", "calls.BusySpan", "calls.CallFeed",
        "accounts.Invitation_teams", "foundation.ClockOffset", "foundation.MailboxPosition", "foundation.RateBucket", "foundation.Tick",
    }  # fmt: skip
    missing = [
        model._meta.label
        for model in _own_models()
        if not {"programme", "programme_id"} & {field.name for field in model._meta.local_fields}
        and model._meta.label not in of_the_installation
    ]
    assert missing == []


def _guarded() -> set[tuple[str, str]]:
    """(table, column) of every key that a composite one with the programme checks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2] "
            "WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 2"
        )
        return set(cursor.fetchall())


@pytest.mark.django_db
def test_a_key_without_a_constraint_of_its_own_is_checked_by_a_composite_one():
    """A row's programme needs no key of its own where the row must belong to something of that programme."""
    guarded = _guarded()
    unchecked = [
        f"{model._meta.db_table}.{field.column}"
        for model, field in _foreign_keys()
        if not field.db_constraint
        and not any(
            (model._meta.db_table, one.column) in guarded
            for one in ([field] if field.name != "programme" else model._meta.local_fields)
            if field.name != "programme" or not one.null
        )
    ]
    assert unchecked == []


@pytest.mark.django_db
def test_no_row_can_join_two_programmes():
    guarded = _guarded()
    unguarded = [
        f"{model._meta.db_table}.{field.column}"
        for model, field in _foreign_keys()
        if field.name != "programme"
        and {"programme"} <= {f.name for f in model._meta.local_fields}
        and {"programme"} <= {f.name for f in field.related_model._meta.local_fields}
        and (model._meta.db_table, field.column) not in guarded
    ]
    assert unguarded == []


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_deal_with_a_company_of_another_programme():
    from django.db import IntegrityError

    from tests import factories

    here, elsewhere = factories.programme(), factories.programme()
    with pytest.raises(IntegrityError, match="deals_deal_company_programme"):
        factories.deal(here, company=factories.company(elsewhere))
