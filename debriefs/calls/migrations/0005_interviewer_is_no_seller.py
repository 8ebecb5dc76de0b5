"""The database refuses an interviewer who sells or sold the deal: a foreign key onto their part in it, part included."""

from django.db import migrations

from debriefs.foundation.same_programme import same_programme

# A debrief from before this rule keeps its interviewer where the rule allows it, and is stopped where it does not.
_PARTS = """
INSERT INTO deals_dealparty (id, programme_id, deal_id, person_id, kind, part, joined_at)
SELECT gen_random_uuid(), programme_id, deal_id, interviewer_id, 'interviewer', '', min(planned_at)
FROM calls_debrief GROUP BY programme_id, deal_id, interviewer_id
ON CONFLICT (deal_id, person_id) DO NOTHING
"""
_STOP = """
UPDATE calls_debrief d
SET interviewer_ended_at = now(), paused_at = COALESCE(paused_at, now()),
    pause_reason = 'The interviewer is on our side of the deal.'
FROM deals_dealparty p
WHERE p.deal_id = d.deal_id AND p.person_id = d.interviewer_id AND p.kind <> 'interviewer'
  AND d.held_at IS NULL AND d.closed_at IS NULL
"""
_TARGET = "deals_dealparty_part_key"
_KEY = "calls_debrief_interviewer_is_no_seller"


class Migration(migrations.Migration):
    # The deferred keys of the rows above have to be checked before the table is altered.
    atomic = False
    dependencies = [
        ("calls", "0004_availability_and_neutrality"),
        ("deals", "0002_same_programme"),
    ]

    operations = [
        migrations.RunSQL(_PARTS, migrations.RunSQL.noop),
        migrations.RunSQL(_STOP, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"ALTER TABLE deals_dealparty ADD CONSTRAINT {_TARGET} UNIQUE (deal_id, person_id, kind)",
            f"ALTER TABLE deals_dealparty DROP CONSTRAINT {_TARGET}",
        ),
        migrations.RunSQL(
            f"ALTER TABLE calls_debrief ADD CONSTRAINT {_KEY} FOREIGN KEY (deal_id, interviewer_id, interviewer_part) "
            "REFERENCES deals_dealparty (deal_id, person_id, kind) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE calls_debrief DROP CONSTRAINT {_KEY}",
        ),
        same_programme("calls_debrief", paused_by="accounts_person"),
    ]
