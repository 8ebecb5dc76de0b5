"""The programme's own words for its mails; no row joins two programmes."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_second_coding"),
        ("calls", "0007_debrief_history_same_programme"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("person", "One of ours"),
                            ("contact", "The buyer's side"),
                            ("invitee", "Invited person"),
                        ],
                        max_length=12,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("is_delivered", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True, max_length=5000)),
                ("button", models.CharField(blank=True, max_length=80)),
                ("written_at", models.DateTimeField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "kind", "audience", "language", "version"), name="notice_text_one_version"
                    )
                ],
            },
        ),
        same_programme("calls_noticetext", written_by="accounts_person"),
    ]
