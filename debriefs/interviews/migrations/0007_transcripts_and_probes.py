"""A transcript beside the notes with the marks in it, and the probes that were asked. What was handed in never changes: triggers refuse it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import programme_target, same_programme

FORWARD = """
CREATE FUNCTION interviews_refuse_transcript() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of uuid;
BEGIN
  IF interviews_is_erasing() OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_TABLE_NAME = 'interviews_transcript' THEN
    IF TG_OP = 'DELETE' THEN of := OLD.debrief_id; ELSE of := NEW.debrief_id; END IF;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT t.debrief_id INTO of FROM interviews_transcript t WHERE t.id = OLD.transcript_id;
  ELSE
    SELECT t.debrief_id INTO of FROM interviews_transcript t WHERE t.id = NEW.transcript_id;
  END IF;
  IF EXISTS (SELECT 1 FROM interviews_writeup w WHERE w.debrief_id = of AND w.submitted_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the transcript of debrief % was handed in and cannot be changed', of USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER interviews_transcript_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_transcript
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_transcript();
CREATE TRIGGER interviews_transcriptpassage_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_transcriptpassage
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_transcript();
CREATE TRIGGER interviews_probeuse_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_probeuse
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_heard();
"""
BACKWARD = """
DROP TRIGGER interviews_probeuse_frozen ON interviews_probeuse;
DROP TRIGGER interviews_transcriptpassage_frozen ON interviews_transcriptpassage;
DROP TRIGGER interviews_transcript_frozen ON interviews_transcript;
DROP FUNCTION interviews_refuse_transcript;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_outside_access"),
        ("calls", "0008_notice_texts"),
        ("interviews", "0006_write_up_frozen"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transcript",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("file_name", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "debrief",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transcript", to="calls.debrief"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TranscriptPassage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("speaker", models.CharField(blank=True, max_length=120)),
                ("starts_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("text", models.TextField()),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="passages",
                        to="interviews.answer",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
                (
                    "transcript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="interviews.transcript",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("transcript", "position"), name="transcript_passage_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="verbatim",
            name="passage",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="verbatims",
                to="interviews.transcriptpassage",
            ),
        ),
        migrations.CreateModel(
            name="ProbeUse",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=500)),
                ("used_at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="probe_uses", to="interviews.answer"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "ordering": ["used_at"],
                "constraints": [models.UniqueConstraint(fields=("answer", "key"), name="probe_use_once")],
            },
        ),
        programme_target("interviews_transcript"),
        programme_target("interviews_transcriptpassage"),
        same_programme("interviews_transcript", debrief="calls_debrief", uploaded_by="accounts_person"),
        same_programme("interviews_transcriptpassage", transcript="interviews_transcript", answer="interviews_answer"),
        same_programme("interviews_verbatim", passage="interviews_transcriptpassage"),
        same_programme("interviews_probeuse", answer="interviews_answer", used_by="accounts_person"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
