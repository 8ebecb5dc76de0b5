"""How far the answers in writing are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_quotes"),
        ("calls", "0008_notice_texts"),
        ("deals", "0013_near_parts"),
        ("guides", "0005_permissions_asked"),
    ]

    operations = [
        migrations.AddField(
            model_name="debrief",
            name="written_begun_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="debrief",
            name="written_sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="debrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("written_sent_at__isnull", True), ("written_begun_at__isnull", False), _connector="OR"
                ),
                name="debrief_written_sent_after_begun",
            ),
        ),
    ]
