"""The write-up in versions, in typed columns; a written debrief may be shared before it is sent."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Every sheet of a call becomes version 1 of a write-up, with the reasons noted so far.
FIRST_VERSIONS = """
INSERT INTO interviews_writeup (
  id, programme_id, debrief_id, number, opened_at, reason, submitted_at, submitted_by_id, decision, decision_note, awareness_how,
  awareness_what, awareness_from, process_note, cycle_time, cycle_note, second_look, sales_may_know, second_look_note, quality, quality_note
)
SELECT gen_random_uuid(), s.programme_id, s.debrief_id, 1, s.opened_at, '', s.submitted_at, d.written_up_by_id, '', '', '', '', '', '', '',
  '', '', '', '', '', ''
FROM interviews_answersheet s JOIN calls_debrief d ON d.id = s.debrief_id
WHERE s.kind = 'call';
UPDATE interviews_statedreason r SET write_up_id = w.id
FROM interviews_answersheet s JOIN interviews_writeup w ON w.debrief_id = s.debrief_id
WHERE s.id = r.sheet_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_same_programme"),
        ("calls", "0007_debrief_history_same_programme"),
        ("codebook", "0003_codebook_versions"),
        ("deals", "0012_keys_checked_once"),
        ("interviews", "0004_consent_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompetitorStanding",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "standing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("better", "We were ahead"),
                            ("level", "About level"),
                            ("behind", "We were behind"),
                            ("unknown", "Not known"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hidden_need", "Hidden need"),
                            ("risk", "Risk nobody spoke of"),
                            ("politics", "Interests inside the buyer"),
                        ],
                        max_length=16,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "known_before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "We knew"),
                            ("partly", "We knew in part"),
                            ("no", "We did not know"),
                            ("unknown", "Cannot say"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "position"],
            },
        ),
        migrations.CreateModel(
            name="NeedAssessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300)),
                ("weight", models.CharField(blank=True, max_length=8)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "Met"),
                            ("partly", "Partly met"),
                            ("not_met", "Not met"),
                            ("not_shown", "Existed but was not shown"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="RecordCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("reason", "Reason"),
                            ("competitor", "Competitor"),
                            ("deciding_role", "Who decided"),
                            ("timeline", "Timeline"),
                            ("needs", "Needs uncovered"),
                            ("awareness_source", "Awareness source"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("right", "Right"),
                            ("partly", "Partly right"),
                            ("wrong", "Wrong"),
                            ("missing", "Missing"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="WriteUp",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("us", "Chose us"),
                            ("competitor", "Chose a competitor"),
                            ("in_house", "Does it in-house"),
                            ("nothing", "Bought from nobody"),
                            ("unknown", "Not known"),
                        ],
                        max_length=12,
                    ),
                ),
                ("decision_note", models.TextField(blank=True)),
                (
                    "awareness_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recommendation", "Recommendation"),
                            ("existing", "Already a customer or supplier"),
                            ("search", "Own search"),
                            ("publication", "Press, post or publication"),
                            ("event", "Event or fair"),
                            ("analyst", "Analyst or comparison page"),
                            ("partner", "Partner or adviser"),
                            ("outreach", "We approached them"),
                            ("tender", "Tender portal"),
                            ("other", "Another way"),
                            ("unknown", "Not known"),
                        ],
                        max_length=16,
                    ),
                ),
                ("awareness_what", models.TextField(blank=True)),
                ("awareness_from", models.TextField(blank=True)),
                ("process_note", models.TextField(blank=True)),
                (
                    "cycle_time",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quicker", "Quicker than planned"),
                            ("as_planned", "As planned"),
                            ("slower", "Slower than planned"),
                            ("no_plan", "There was no plan"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cycle_note", models.TextField(blank=True)),
                (
                    "second_look",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes, of their own accord"), ("no", "No"), ("not_raised", "Not raised")],
                        max_length=12,
                    ),
                ),
                ("sales_may_know", models.CharField(blank=True, choices=[("yes", "Yes"), ("no", "No")], max_length=4)),
                ("second_look_note", models.TextField(blank=True)),
                (
                    "quality",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("frank", "Frank and full"),
                            ("guarded", "Guarded"),
                            ("short", "Short of time"),
                            ("thin", "Little of use"),
                        ],
                        max_length=12,
                    ),
                ),
                ("quality_note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["debrief", "number"],
            },
        ),
        migrations.CreateModel(
            name="WriteUpRevision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("part", models.CharField(max_length=60)),
                ("operation", models.UUIDField(unique=True)),
                ("base_revision", models.PositiveIntegerField()),
                ("revision", models.PositiveIntegerField()),
                ("text", models.TextField(blank=True)),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("was_refused", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="answersheet",
            name="shared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="statedreason",
            name="note",
            field=models.TextField(blank=True),
        ),
        migrations.AddConstraint(
            model_name="answersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("shared_at__isnull", True), ("kind", "written"), _connector="OR"),
                name="answer_sheet_shared_if_written",
            ),
        ),
        migrations.AddField(
            model_name="competitorstanding",
            name="competitor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="deals.competitor"
            ),
        ),
        migrations.AddField(
            model_name="competitorstanding",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="needassessment",
            name="need",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="deals.need"
            ),
        ),
        migrations.AddField(
            model_name="needassessment",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="recordcheck",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="writeup",
            name="debrief",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="write_ups", to="calls.debrief"
            ),
        ),
        migrations.AddField(
            model_name="writeup",
            name="opened_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
        migrations.AddField(
            model_name="writeup",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="writeup",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
        migrations.AddField(
            model_name="writeup",
            name="winner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deals.competitor",
            ),
        ),
        migrations.AddField(
            model_name="recordcheck",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="record_checks", to="interviews.writeup"
            ),
        ),
        migrations.AddField(
            model_name="needassessment",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="need_assessments", to="interviews.writeup"
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="disclosures", to="interviews.writeup"
            ),
        ),
        migrations.AddField(
            model_name="competitorstanding",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="interviews.writeup"
            ),
        ),
        migrations.AddField(
            model_name="writeuprevision",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddField(
            model_name="writeuprevision",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="writeuprevision",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="interviews.writeup"
            ),
        ),
        migrations.AddConstraint(
            model_name="writeup",
            constraint=models.UniqueConstraint(fields=("debrief", "number"), name="write_up_one_number"),
        ),
        migrations.AddConstraint(
            model_name="writeup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submitted_at__isnull", True)), fields=("debrief",), name="write_up_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="writeup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("reason", "")),
                    models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="write_up_corrected_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeup",
            constraint=models.CheckConstraint(
                condition=models.Q(("winner__isnull", True), ("decision", "competitor"), _connector="OR"),
                name="write_up_winner_is_chosen",
            ),
        ),
        migrations.AddConstraint(
            model_name="writeup",
            constraint=models.CheckConstraint(
                condition=models.Q(("sales_may_know", ""), ("second_look", "yes"), _connector="OR"),
                name="write_up_tells_only_a_wish",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordcheck",
            constraint=models.UniqueConstraint(fields=("write_up", "field"), name="record_check_once"),
        ),
        migrations.AddConstraint(
            model_name="recordcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("field__in", ["reason", "competitor", "deciding_role", "timeline", "needs", "awareness_source"])
                ),
                name="record_check_known_field",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["", "right", "partly", "wrong", "missing"])),
                name="record_check_known_verdict",
            ),
        ),
        migrations.AddConstraint(
            model_name="needassessment",
            constraint=models.UniqueConstraint(fields=("write_up", "position"), name="need_assessment_one_place"),
        ),
        migrations.AddConstraint(
            model_name="needassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="need_assessment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="needassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "met", "partly", "not_met", "not_shown"])),
                name="need_assessment_known_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.UniqueConstraint(fields=("write_up", "kind", "position"), name="disclosure_one_place"),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["hidden_need", "risk", "politics"])), name="disclosure_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="competitorstanding",
            constraint=models.UniqueConstraint(fields=("write_up", "competitor"), name="competitor_standing_once"),
        ),
        migrations.AddConstraint(
            model_name="competitorstanding",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["", "better", "level", "behind", "unknown"])),
                name="competitor_standing_known",
            ),
        ),
        migrations.AddIndex(
            model_name="writeuprevision",
            index=models.Index(fields=["write_up", "part", "id"], name="write_up_revision_part"),
        ),
        migrations.AddField(
            model_name="statedreason",
            name="write_up",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stated_reasons",
                to="interviews.writeup",
            ),
        ),
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="statedreason",
            name="stated_reason_once",
        ),
        migrations.RemoveField(
            model_name="statedreason",
            name="sheet",
        ),
        migrations.AlterField(
            model_name="statedreason",
            name="write_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="stated_reasons", to="interviews.writeup"
            ),
        ),
        migrations.AddConstraint(
            model_name="statedreason",
            constraint=models.UniqueConstraint(fields=("write_up", "position"), name="stated_reason_once"),
        ),
    ]
