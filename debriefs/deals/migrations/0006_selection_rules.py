"""Rules of selection with their versions, exclusions, and the decision on each deal."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_same_programme"),
        ("codebook", "0002_same_programme"),
        ("deals", "0005_upload_in_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="SelectionDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "selection",
                    models.CharField(
                        choices=[
                            ("undecided", "Not decided yet"),
                            ("chosen", "Chosen"),
                            ("passed_over", "Passed over"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("invalid", "Invalid: outside all statistics"),
                            ("no_statistics", "Excluded from all statistics"),
                            ("no_outreach", "Excluded from outreach"),
                            ("overruled", "Decided by the programme manager"),
                            ("before", "Before the programme"),
                            ("outcome", "Outcome not asked about"),
                            ("amount", "Below the smallest amount"),
                            ("segment", "Segment not asked about"),
                            ("team", "Team not asked about"),
                            ("competitor", "None of the competitors met"),
                            ("every", "Every deal that the rules describe"),
                            ("in_sample", "In the sample"),
                            ("out_of_sample", "Outside the sample"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("withdrawn", "Withdrawn"),
                            ("rejected", "Rejected"),
                            ("invalid", "Invalid"),
                        ],
                        max_length=12,
                    ),
                ),
                ("stratum_outcome", models.CharField(blank=True, max_length=12)),
                ("stratum_segment", models.CharField(blank=True, max_length=80)),
                ("share", models.PositiveSmallIntegerField(null=True)),
                ("seed", models.BigIntegerField(null=True)),
                ("draw", models.DecimalField(decimal_places=4, max_digits=7, null=True)),
                ("decided_at", models.DateTimeField()),
                ("is_current", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["-decided_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SelectionExclusion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("outreach", "Out of outreach"), ("statistics", "Out of all statistics")],
                        max_length=12,
                    ),
                ),
                ("segment", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(max_length=200)),
                ("excluded_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SelectionRules",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "outcomes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("open", "Open"),
                                ("won", "Won"),
                                ("lost", "Lost"),
                                ("withdrawn", "Withdrawn"),
                                ("rejected", "Rejected"),
                                ("invalid", "Invalid"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("minimum_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("currency", models.CharField(max_length=3)),
                (
                    "segments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "team_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "competitor_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("shares", models.JSONField(default=list)),
                ("seed", models.BigIntegerField(default=1)),
                ("cooling_off_days", models.PositiveSmallIntegerField()),
                ("best_within_days", models.PositiveSmallIntegerField()),
                ("overdue_after_days", models.PositiveSmallIntegerField()),
                ("contact_protection_days", models.PositiveSmallIntegerField()),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="deal",
            name="out_of_statistics",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("selection", "undecided"), models.Q(("outcome", "open"), _negated=True)),
                fields=["programme"],
                name="deal_selection_due",
            ),
        ),
        migrations.AddField(
            model_name="selectiondecision",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="selection_decisions", to="deals.deal"
            ),
        ),
        migrations.AddField(
            model_name="selectiondecision",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="selectiondecision",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="selectionexclusion",
            name="company",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deals.company"
            ),
        ),
        migrations.AddField(
            model_name="selectionexclusion",
            name="deal",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deals.deal"
            ),
        ),
        migrations.AddField(
            model_name="selectionexclusion",
            name="excluded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="selectionexclusion",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="selectionexclusion",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="selectiondecision",
            name="exclusion",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deals.selectionexclusion"
            ),
        ),
        migrations.AddField(
            model_name="selectionrules",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="selectionrules",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="selectiondecision",
            name="rules",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deals.selectionrules"
            ),
        ),
        migrations.AddIndex(
            model_name="selectionexclusion",
            index=models.Index(
                condition=models.Q(("lifted_at__isnull", True)), fields=["programme"], name="selection_exclusion_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="selectionexclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company__isnull", False), ("deal__isnull", True), ("segment", "")),
                    models.Q(("company__isnull", True), ("deal__isnull", False), ("segment", "")),
                    models.Q(
                        ("company__isnull", True), ("deal__isnull", True), models.Q(("segment", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="selection_exclusion_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="selectionexclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="selection_exclusion_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="selectionexclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="selection_exclusion_lifted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="selectionrules",
            constraint=models.UniqueConstraint(fields=("programme", "number"), name="selection_rules_one_number"),
        ),
        migrations.AddIndex(
            model_name="selectiondecision",
            index=models.Index(fields=["deal", "-decided_at"], name="selection_of_deal"),
        ),
        migrations.AddIndex(
            model_name="selectiondecision",
            index=models.Index(
                condition=models.Q(("is_current", True)),
                fields=["programme", "rule", "selection", "outcome"],
                name="selection_by_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="selectiondecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("deal",), name="selection_one_current_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="selectiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_by__isnull", False), ("rule", "overruled"), models.Q(("reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("rule", "overruled"), _negated=True), ("decided_by__isnull", True)),
                    _connector="OR",
                ),
                name="selection_overruled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="selectiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draw__isnull", True), ("seed__isnull", True), ("share__isnull", True)),
                    models.Q(("draw__isnull", False), ("seed__isnull", False), ("share__isnull", False)),
                    _connector="OR",
                ),
                name="selection_sample_is_whole",
            ),
        ),
        programme_target("deals_selectionrules"),
        programme_target("deals_selectionexclusion"),
        same_programme("deals_selectionrules", set_by="accounts_person"),
        same_programme(
            "deals_selectionexclusion",
            company="deals_company",
            deal="deals_deal",
            excluded_by="accounts_person",
            lifted_by="accounts_person",
        ),
        same_programme(
            "deals_selectiondecision",
            deal="deals_deal",
            rules="deals_selectionrules",
            exclusion="deals_selectionexclusion",
            decided_by="accounts_person",
        ),
    ]
