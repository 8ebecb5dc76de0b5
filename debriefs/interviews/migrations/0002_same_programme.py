"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0001_initial"),
        ("accounts", "0002_same_programme"),
        ("calls", "0002_same_programme"),
        ("codebook", "0002_same_programme"),
        ("deals", "0002_same_programme"),
        ("guides", "0002_same_programme"),
    ]

    operations = [
        programme_target("interviews_answer"),
        programme_target("interviews_answersheet"),
        programme_target("interviews_rehearsal"),
        programme_target("interviews_verbatim"),
        same_programme("interviews_rehearsal", person="accounts_person", guide_version="guides_guideversion"),
        same_programme("interviews_answersheet", debrief="calls_debrief", rehearsal="interviews_rehearsal"),
        same_programme(
            "interviews_answer", sheet="interviews_answersheet", question="guides_question", saved_by="accounts_person"
        ),
        same_programme("interviews_answerrevision", answer="interviews_answer", saved_by="accounts_person"),
        same_programme("interviews_verbatim", answer="interviews_answer", marked_by="accounts_person"),
        same_programme(
            "interviews_tag",
            answer="interviews_answer",
            driver="codebook_driver",
            verbatim="interviews_verbatim",
            competitor="deals_competitor",
            tagged_by="accounts_person",
        ),
        same_programme(
            "interviews_statedreason",
            sheet="interviews_answersheet",
            stated_driver="codebook_driver",
            root_driver="codebook_driver",
        ),
        same_programme("interviews_permissiongiven", debrief="calls_debrief", recorded_by="accounts_person"),
    ]
