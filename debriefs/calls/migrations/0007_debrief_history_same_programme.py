"""A debrief's history joins no two programmes."""

from django.db import migrations

from debriefs.foundation.same_programme import same_programme


class Migration(migrations.Migration):
    dependencies = [("calls", "0006_debrief_history"), ("accounts", "0002_same_programme")]

    operations = [same_programme("calls_debriefevent", debrief="calls_debrief", by="accounts_person")]
