"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0001_initial"),
        ("accounts", "0002_same_programme"),
        ("findings", "0002_same_programme"),
    ]

    operations = [
        programme_target("lessons_lesson"),
        same_programme("lessons_lesson", owner="accounts_person", written_by="accounts_person"),
        same_programme(
            "lessons_lessonevidence", lesson="lessons_lesson", remark="findings_remark", added_by="accounts_person"
        ),
    ]
