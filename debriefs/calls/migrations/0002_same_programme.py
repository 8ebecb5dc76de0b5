"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0001_initial"),
        ("accounts", "0002_same_programme"),
        ("deals", "0002_same_programme"),
        ("guides", "0002_same_programme"),
    ]

    operations = [
        programme_target("calls_debrief"),
        same_programme(
            "calls_debrief",
            deal="deals_deal",
            contact="deals_contact",
            interviewer="accounts_person",
            reviewer="accounts_person",
            guide_version="guides_guideversion",
            planned_by="accounts_person",
            held_by="accounts_person",
            written_up_by="accounts_person",
            reviewed_by="accounts_person",
            released_by="accounts_person",
            closed_by="accounts_person",
        ),
        same_programme("calls_call", debrief="calls_debrief", interviewer="accounts_person"),
        same_programme("calls_prospectlink", debrief="calls_debrief"),
        same_programme("calls_prospectnote", debrief="calls_debrief"),
    ]
