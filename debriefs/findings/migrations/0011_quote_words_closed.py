from django.db import migrations, models
from django.db.models import F


def close_what_buyers_took_back(apps, schema_editor):
    """A quote that its buyer withdrew had its words closed with it."""
    quotes = apps.get_model("findings", "Quote").objects
    quotes.filter(withdrawn_at__isnull=False, withdrawn_by__isnull=True).update(words_closed_at=F("withdrawn_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0010_remark_driver_deals"),
    ]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="words_closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(close_what_buyers_took_back, migrations.RunPython.noop, elidable=True),
    ]
