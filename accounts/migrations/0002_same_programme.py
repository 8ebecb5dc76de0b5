"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        programme_target("accounts_person"),
        programme_target("accounts_team"),
        same_programme("accounts_membership", person="accounts_person", ended_by="accounts_person"),
        same_programme("accounts_teammember", team="accounts_team", person="accounts_person"),
        same_programme("accounts_invitation", person="accounts_person", invited_by="accounts_person"),
    ]
