"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0001_initial"),
        ("accounts", "0002_same_programme"),
    ]

    operations = [
        programme_target("insights_quartersnapshot"),
        same_programme("insights_snapshotfigure", snapshot="insights_quartersnapshot"),
        same_programme("insights_annotation", noted_by="accounts_person"),
        same_programme("insights_figureview", person="accounts_person"),
    ]
