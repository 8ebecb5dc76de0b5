"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0001_initial"),
        ("accounts", "0002_same_programme"),
        ("calls", "0002_same_programme"),
        ("codebook", "0002_same_programme"),
        ("deals", "0002_same_programme"),
    ]

    operations = [
        programme_target("findings_release"),
        programme_target("findings_remark"),
        same_programme(
            "findings_finding",
            debrief="calls_debrief",
            driver="codebook_driver",
            competitor="deals_competitor",
            coded_by="accounts_person",
        ),
        same_programme(
            "findings_release",
            debrief="calls_debrief",
            deal="deals_deal",
            company="deals_company",
            team="accounts_team",
            stated_driver="codebook_driver",
            primary_driver="codebook_driver",
            own_driver="codebook_driver",
            own_category="codebook_category",
            released_by="accounts_person",
            recalled_by="accounts_person",
        ),
        same_programme(
            "findings_remark",
            release="findings_release",
            deal="deals_deal",
            driver="codebook_driver",
            competitor="deals_competitor",
        ),
    ]
