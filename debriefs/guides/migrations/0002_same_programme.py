"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [("guides", "0001_initial"), ("accounts", "0002_same_programme")]

    operations = [
        programme_target("guides_guide"),
        programme_target("guides_guideversion"),
        programme_target("guides_question"),
        same_programme(
            "guides_guideversion", guide="guides_guide", created_by="accounts_person", published_by="accounts_person"
        ),
        same_programme("guides_question", version="guides_guideversion"),
        same_programme("guides_probe", question="guides_question"),
    ]
