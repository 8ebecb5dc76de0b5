"""The application runs as a role that owns nothing and cannot rewrite the audit log."""

import pytest
from django.db import ProgrammingError, connection, transaction

from debriefs.foundation import audit, clock, database_role
from debriefs.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_the_running_role_owns_no_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user <> session_user, current_user")
        stepped_down, role = cursor.fetchone()
    assert stepped_down
    assert role == database_role.role_name(connection.settings_dict["NAME"])
    assert database_role.owned_tables() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditentry SET action = 'x'",
        "DELETE FROM foundation_auditentry",
        "TRUNCATE foundation_auditentry",
        "ALTER TABLE foundation_auditentry DISABLE TRIGGER ALL",
        "DROP TABLE foundation_auditentry",
        "ALTER TABLE guides_guideversion DISABLE TRIGGER ALL",
        "DROP TRIGGER guides_version_frozen ON guides_guideversion",
        "TRUNCATE deals_deal CASCADE",
    ],
)
def test_the_running_role_cannot(statement):
    audit.record(action="test.happened", now=clock.now())
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().action == "test.happened"
