"""Conflicts become questions that a person answers; what an import made is marked, so that the import can be undone."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_same_programme"),
        ("deals", "0006_selection_rules"),
    ]

    operations = [
        # Values kept as changed here stood among the rejections without their deal, and could not be answered.
        migrations.RunSQL("DELETE FROM deals_importrejection WHERE kind = 'conflict'", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="importrejection",
            name="kind",
        ),
        migrations.AddField(
            model_name="company",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="competitor",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="dealcompetitor",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="dealcontact",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="made_people",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="made_teams",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="removed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="restored",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="undo_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="undo_asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="dealimport",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField("dealchange", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="offering",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AddField(
            model_name="salesnote",
            name="imported_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.dealimport",
            ),
        ),
        migrations.AlterField(
            model_name="dealimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("uploaded", "Columns to match"),
                    ("queued", "Waiting"),
                    ("running", "Being imported"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Stopped"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                ],
                default="uploaded",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="ImportConflict",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("field", models.CharField(max_length=60)),
                ("ours", models.TextField(blank=True)),
                ("theirs", models.TextField(blank=True)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("ours", "Kept as changed here"),
                            ("theirs", "Taken from the file"),
                            ("settled", "Settled: a later file agrees"),
                            ("asked_again", "Asked again by a later file"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "deal",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"),
                ),
                (
                    "deal_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="found_conflicts",
                        to="deals.dealimport",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "their_person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "ordering": ["line", "field"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("choice", "open")),
                        fields=("deal", "field"),
                        name="import_conflict_one_open",
                    )
                ],
            },
        ),
        same_programme("deals_dealimport", undo_asked_by="accounts_person"),
        same_programme(
            "deals_importconflict",
            deal_import="deals_dealimport",
            deal="deals_deal",
            their_person="accounts_person",
            resolved_by="accounts_person",
        ),
        same_programme("deals_company", imported_by="deals_dealimport"),
        same_programme("deals_offering", imported_by="deals_dealimport"),
        same_programme("deals_competitor", imported_by="deals_dealimport"),
        same_programme("deals_contact", imported_by="deals_dealimport"),
        same_programme("deals_dealcontact", imported_by="deals_dealimport"),
        same_programme("deals_dealcompetitor", imported_by="deals_dealimport"),
        same_programme("deals_salesnote", imported_by="deals_dealimport"),
    ]
