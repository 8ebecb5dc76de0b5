"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("accounts", "0002_same_programme"), ("codebook", "0002_same_programme")]

    operations = [
        programme_target("deals_company"),
        programme_target("deals_competitor"),
        programme_target("deals_contact"),
        programme_target("deals_deal"),
        programme_target("deals_dealimport"),
        programme_target("deals_offering"),
        programme_target("deals_uploadedfile"),
        same_programme("deals_uploadedfile", uploaded_by="accounts_person"),
        same_programme("deals_dealimport", file="deals_uploadedfile", started_by="accounts_person"),
        same_programme("deals_importrejection", deal_import="deals_dealimport"),
        same_programme(
            "deals_deal",
            company="deals_company",
            team="accounts_team",
            owner="accounts_person",
            offering="deals_offering",
            winner="deals_competitor",
            own_reason_category="codebook_category",
            own_reason_driver="codebook_driver",
            announced_by="accounts_person",
            imported_by="deals_dealimport",
        ),
        same_programme("deals_dealcompetitor", deal="deals_deal", competitor="deals_competitor"),
        same_programme("deals_dealparty", deal="deals_deal", person="accounts_person"),
        same_programme("deals_contact", company="deals_company"),
        same_programme("deals_dealcontact", deal="deals_deal", contact="deals_contact", approved_by="accounts_person"),
        same_programme("deals_salesnote", deal="deals_deal", author="accounts_person"),
        same_programme("deals_ownview", deal="deals_deal", person="accounts_person", driver="codebook_driver"),
        same_programme("deals_approach", contact="deals_contact", overruled_by="accounts_person"),
        same_programme("deals_dealchange", deal="deals_deal", by="accounts_person", deal_import="deals_dealimport"),
    ]
