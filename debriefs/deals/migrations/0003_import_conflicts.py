"""What a file holds is surveyed once; values a person changed here are kept and listed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_same_programme")]

    operations = [
        migrations.AlterField(
            "dealimport",
            "state",
            models.CharField(
                choices=[
                    ("uploaded", "Columns to match"),
                    ("queued", "Waiting"),
                    ("running", "Being imported"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="uploaded",
                max_length=12,
            ),
        ),
        migrations.AddField("dealimport", "survey", models.JSONField(default=dict)),
        migrations.AddField("dealimport", "conflicts", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "importrejection",
            "kind",
            models.CharField(
                choices=[("rejected", "Rejected"), ("conflict", "Kept as changed here")],
                default="rejected",
                max_length=12,
            ),
        ),
    ]
