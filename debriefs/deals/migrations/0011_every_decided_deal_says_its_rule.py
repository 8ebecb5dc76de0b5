from django.db import migrations

# Deals chosen or passed over before decisions were kept get the one they would have: as of the day on which they arrived. A deal that
# was older than the overdue limit then and has no debrief is passed over, as it would be today.
DECISIONS = """
WITH due AS (
  SELECT d.id, d.programme_id, d.outcome, d.created_at,
         CASE WHEN d.outcome = 'invalid' THEN 'invalid'
              WHEN d.selection = 'passed_over' THEN 'before'
              WHEN d.debrief_state = 'none'
                   AND (d.created_at AT TIME ZONE p.time_zone)::date - d.decided_on > p.overdue_after_days THEN 'before'
              ELSE 'every' END AS rule,
         CASE d.selection WHEN 'passed_over' THEN d.selection_reason ELSE '' END AS said
  FROM deals_deal d JOIN accounts_programme p ON p.id = d.programme_id
  WHERE d.selection IN ('chosen', 'passed_over') AND d.outcome <> 'open'
    AND NOT EXISTS (SELECT 1 FROM deals_selectiondecision s WHERE s.deal_id = d.id)
), made AS (
  INSERT INTO deals_selectiondecision
    (programme_id, deal_id, selection, rule, reason, outcome, stratum_outcome, stratum_segment, decided_at, is_current)
  SELECT programme_id, id, CASE rule WHEN 'every' THEN 'chosen' ELSE 'passed_over' END, rule,
         CASE rule WHEN 'every' THEN 'Every decided deal is chosen' WHEN 'invalid' THEN 'Outside all statistics'
                   ELSE COALESCE(NULLIF(said, ''), 'Before the programme') END,
         outcome, '', '', created_at, true
  FROM due
  RETURNING deal_id, selection, reason
)
UPDATE deals_deal d SET selection = made.selection, selection_reason = made.reason FROM made WHERE made.deal_id = d.id
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0010_needs")]

    operations = [migrations.RunSQL(DECISIONS, migrations.RunSQL.noop)]
