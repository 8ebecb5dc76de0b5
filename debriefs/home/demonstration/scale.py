"""Many deals at once, for benchmarks: made by the database itself, so that 100,000 take seconds.

Eight of 35 decided deals are debriefed, written up and released with ten remarks: of 100,000 deals 20,000. Texts repeat; shapes and shares are lifelike.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import Programme
from debriefs.codebook.actions import install_starter_codebook
from debriefs.guides.actions import install_starter_guides
from debriefs.home.demonstration import cast

SLUG = "scale"

# Each statement reads %(programme)s, %(count)s and %(now)s. Ids come from md5 of kind, programme and number, so that a
# repeated run would name the same rows; hashtext spreads values without a seed of the session.
STATEMENTS = (
    """
    INSERT INTO accounts_team (id, programme_id, name, created_at)
    SELECT md5('team' || %(programme)s || i)::uuid, %(programme)s::uuid, 'Team ' || i, %(now)s FROM generate_series(1, 20) i
    """,
    """
    INSERT INTO accounts_person (id, programme_id, name, email, affiliation, department, external_id, created_at)
    SELECT md5('person' || %(programme)s || i)::uuid, %(programme)s::uuid, 'Person ' || i, '',
           CASE WHEN i <= 10 THEN 'agency' ELSE 'company' END, '', '', %(now)s
    FROM generate_series(1, 210) i
    """,
    """
    INSERT INTO deals_company (id, programme_id, name, name_key, segment, country)
    SELECT md5('company' || %(programme)s || i)::uuid, %(programme)s::uuid, n.name || ' ' || i, lower(n.name) || ' ' || i,
           (ARRAY['Transport','Health care','Retail','Manufacturing','Public sector'])[1 + i %% 5], ''
    FROM generate_series(1, greatest(1, %(count)s / 3)) i
    CROSS JOIN LATERAL (SELECT (%(firsts)s::text[])[1 + abs(hashtext('f' || i)) %% %(n_firsts)s]
                            || (%(ends)s::text[])[1 + abs(hashtext('e' || i)) %% %(n_ends)s]
                            || ' ' || (%(lasts)s::text[])[1 + abs(hashtext('l' || i)) %% %(n_lasts)s] AS name) n
    """,
    """
    INSERT INTO deals_competitor (id, programme_id, name, name_key)
    SELECT md5('rival' || %(programme)s || i)::uuid, %(programme)s::uuid, 'Rival ' || i, 'rival ' || i FROM generate_series(1, 12) i
    """,
    """
    INSERT INTO deals_deal (id, programme_id, source, external_id, name, company_id, team_id, owner_id, segment, stage, amount,
        currency, outcome, withdrawn_by, opened_on, decided_on, winner_id, crm_reason, own_reason_category_id, selection,
        selection_reason, debrief_state, search_text, contact_text, version, created_at, updated_at)
    SELECT md5('deal' || %(programme)s || i)::uuid, %(programme)s::uuid, 'scale', 'S-' || i, s.subject || ' for ' || c.name, c.id,
           md5('team' || %(programme)s || (1 + i %% 20))::uuid, md5('person' || %(programme)s || (11 + i %% 200))::uuid,
           c.segment, '', 1000 + (abs(hashtext('amount' || i)) %% 300000), 'EUR', o.outcome,
           CASE WHEN o.outcome = 'withdrawn' THEN 'buyer' ELSE '' END,
           d.decided - 90, CASE WHEN o.outcome = 'open' THEN NULL ELSE d.decided END,
           CASE WHEN o.outcome = 'lost' THEN md5('rival' || %(programme)s || (1 + i %% 12))::uuid END,
           CASE WHEN i %% 2 = 0 THEN 'Price' ELSE '' END,
           CASE WHEN i %% 2 = 0 THEN (SELECT id FROM codebook_category WHERE programme_id = %(programme)s::uuid AND key = 'price') END,
           CASE WHEN o.outcome = 'open' THEN 'undecided' ELSE 'chosen' END, '',
           CASE WHEN i %% 35 < 8 AND o.outcome <> 'open' THEN 'released' ELSE 'none' END,
           s.subject || ' for ' || c.name || ' S-' || i, '', 1, %(now)s, %(now)s
    FROM generate_series(1, %(count)s) i
    CROSS JOIN LATERAL (SELECT (ARRAY['won','lost','lost','won','withdrawn','lost','rejected','open'])[1 + abs(hashtext('o' || i)) %% 8] AS outcome) o
    CROSS JOIN LATERAL (SELECT %(now)s::date - 40 - abs(hashtext('d' || i)) %% 720 AS decided) d
    JOIN deals_company c ON c.id = md5('company' || %(programme)s || (1 + i %% greatest(1, %(count)s / 3)))::uuid
    CROSS JOIN LATERAL (SELECT (%(subjects)s::text[])[1 + abs(hashtext('s' || i)) %% %(n_subjects)s] AS subject) s
    """,
    """
    INSERT INTO deals_dealparty (id, programme_id, deal_id, person_id, kind, part, joined_at)
    SELECT md5('owner' || d.id)::uuid, d.programme_id, d.id, d.owner_id, 'owner', '', %(now)s
    FROM deals_deal d WHERE d.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO deals_dealcompetitor (programme_id, deal_id, competitor_id)
    SELECT d.programme_id, d.id, d.winner_id FROM deals_deal d
    WHERE d.programme_id = %(programme)s::uuid AND d.winner_id IS NOT NULL
    """,
    """
    INSERT INTO deals_contact (id, programme_id, company_id, name, email, email_key, title, time_zone, language, created_at)
    SELECT md5('contact' || d.id)::uuid, d.programme_id, d.company_id, b.name || ' ' || right(d.external_id, 4), 'buyer@' || lower(d.external_id) || '.example',
           'buyer@' || lower(d.external_id) || '.example', 'Head of operations', 'Europe/London', 'en', %(now)s
    FROM deals_deal d
    CROSS JOIN LATERAL (SELECT (%(given)s::text[])[1 + abs(hashtext('g' || d.external_id)) %% %(n_given)s] || ' '
                            || (%(family)s::text[])[1 + abs(hashtext('y' || d.external_id)) %% %(n_family)s] AS name) b
    WHERE d.programme_id = %(programme)s::uuid AND d.debrief_state = 'released'
    """,
    """
    INSERT INTO deals_dealcontact (id, programme_id, deal_id, contact_id, part, is_primary, approval, approval_reason)
    SELECT md5('part' || d.id)::uuid, d.programme_id, d.id, md5('contact' || d.id)::uuid, 'evaluator', true, 'approved', ''
    FROM deals_deal d WHERE d.programme_id = %(programme)s::uuid AND d.debrief_state = 'released'
    """,
    """
    UPDATE deals_deal d SET contact_text = c.name
    FROM deals_dealcontact dc JOIN deals_contact c ON c.id = dc.contact_id
    WHERE dc.deal_id = d.id AND d.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO calls_debrief (id, programme_id, deal_id, contact_id, interviewer_id, guide_version_id, neutrality, channel, place, minutes,
        is_primary, hypothesis, planned_at, invited_at, booked_at, held_at, written_up_at, reviewed_at, released_at, decline_reason,
        closed_reason, pause_reason, version)
    SELECT md5('debrief' || d.id)::uuid, d.programme_id, d.id, md5('contact' || d.id)::uuid,
           md5('person' || %(programme)s || (1 + abs(hashtext(d.external_id)) %% 10))::uuid, g.id, 'agency', 'video', '', 30, true, '',
           t.at, t.at + interval '1 day', t.at + interval '3 days', t.at + interval '8 days', t.at + interval '10 days',
           t.at + interval '14 days', t.at + interval '16 days', '', '', '', 1
    FROM deals_deal d
    CROSS JOIN LATERAL (SELECT d.decided_on::timestamptz + interval '2 days' AS at) t
    CROSS JOIN LATERAL (SELECT v.id FROM guides_guideversion v WHERE v.programme_id = d.programme_id AND v.published_at IS NOT NULL
                        ORDER BY v.id LIMIT 1) g
    WHERE d.programme_id = %(programme)s::uuid AND d.debrief_state = 'released'
    """,
    """
    INSERT INTO deals_dealparty (id, programme_id, deal_id, person_id, kind, part, joined_at)
    SELECT md5('interviewer' || b.id)::uuid, b.programme_id, b.deal_id, b.interviewer_id, 'interviewer', '', b.planned_at
    FROM calls_debrief b WHERE b.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO findings_release (id, programme_id, debrief_id, deal_id, company_id, team_id, audience, summary, timeline, suggests,
        buyer_label, company_label, quote_level, is_primary, stated_driver_id, primary_driver_id, own_driver_id, own_category_id, released_at, others_from,
        content_sha256, recall_reason)
    SELECT md5('release' || d.id)::uuid, d.programme_id, b.id, d.id, d.company_id, d.team_id, 'team', '', '', '', 'A buyer', 'A company', 'anonymous',
           true, p.drivers[1 + s %% n], p.drivers[1 + (s / 7) %% n], NULL, d.own_reason_category_id,
           b.released_at, b.released_at + interval '1 day', '', ''
    FROM deals_deal d
    JOIN calls_debrief b ON b.deal_id = d.id
    CROSS JOIN LATERAL (SELECT array_agg(id ORDER BY key) AS drivers, count(*)::int AS n FROM codebook_driver
                        WHERE programme_id = d.programme_id AND in_picker) p
    CROSS JOIN LATERAL (SELECT abs(hashtext('driver' || d.external_id)) AS s) h
    WHERE d.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO findings_remark (id, programme_id, release_id, deal_id, driver_id, direction, strength, competitor_id, is_primary,
        verbatim, note, language)
    SELECT md5('remark' || r.id || k)::uuid, r.programme_id, r.id, r.deal_id,
           CASE WHEN k = 1 THEN r.primary_driver_id ELSE p.drivers[1 + abs(hashtext(k || r.id::text)) %% n] END,
           (ARRAY['helped','hurt','hurt','mentioned'])[1 + abs(hashtext(r.id::text || k)) %% 4], 1 + k %% 3,
           CASE WHEN k = 5 THEN d.winner_id END, k = 1,
           'Words ' || k || ' of the buyer of this deal.', '', 'en'
    FROM findings_release r
    JOIN deals_deal d ON d.id = r.deal_id
    CROSS JOIN generate_series(1, 10) k
    CROSS JOIN LATERAL (SELECT array_agg(id ORDER BY key) AS drivers, count(*)::int AS n FROM codebook_driver
                        WHERE programme_id = r.programme_id AND in_picker) p
    WHERE r.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO deals_need (id, programme_id, deal_id, text, weight, position, revision, noted_at)
    SELECT md5('need' || d.id || k)::uuid, d.programme_id, d.id,
           (ARRAY['Rotas on the phone','Import of old plans','Reports by site','Single sign-on','Offline use','Works council view'])
               [1 + abs(hashtext(d.external_id || k)) %% 6],
           CASE WHEN k = 1 THEN 'must' ELSE 'should' END, k, 1, %(now)s
    FROM deals_deal d CROSS JOIN generate_series(1, 2) k
    WHERE d.programme_id = %(programme)s::uuid AND d.debrief_state = 'released'
    """,
    # Handed in last of all: what was handed in lets nothing be written below it.
    """
    INSERT INTO interviews_writeup (id, programme_id, debrief_id, number, opened_at, reason, decision, decision_note, awareness_how,
        awareness_what, awareness_from, process_note, cycle_time, cycle_note, second_look, sales_may_know, second_look_note, quality,
        quality_note)
    SELECT md5('writeup' || b.id)::uuid, b.programme_id, b.id, 1, b.held_at, '', '', '',
           (ARRAY['recommendation','search','event','outreach','partner'])[1 + abs(hashtext('a' || b.id)) %% 5],
           '', '', '', '', '', '', '', '', '', ''
    FROM calls_debrief b WHERE b.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO interviews_recordcheck (id, programme_id, write_up_id, field, verdict, note)
    SELECT md5('check' || w.id || f)::uuid, w.programme_id, w.id, f,
           (ARRAY['right','right','partly','wrong','missing'])[1 + abs(hashtext(f || w.id)) %% 5], ''
    FROM interviews_writeup w
    CROSS JOIN unnest(ARRAY['reason','competitor','deciding_role','timeline','needs','awareness_source']) f
    WHERE w.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO interviews_needassessment (id, programme_id, write_up_id, need_id, position, text, weight, outcome, note)
    SELECT md5('assessment' || n.id)::uuid, n.programme_id, w.id, n.id, n.position, n.text, n.weight,
           (ARRAY['met','met','partly','not_met','not_shown'])[1 + abs(hashtext('m' || n.id)) %% 5], ''
    FROM deals_need n
    JOIN calls_debrief b ON b.deal_id = n.deal_id
    JOIN interviews_writeup w ON w.debrief_id = b.id
    WHERE n.programme_id = %(programme)s::uuid
    """,
    """
    INSERT INTO interviews_disclosure (id, programme_id, write_up_id, kind, position, text, known_before)
    SELECT md5('disclosure' || w.id)::uuid, w.programme_id, w.id,
           (ARRAY['hidden_need','risk','politics'])[1 + abs(hashtext('k' || w.id)) %% 3], 1, 'Came out in the debrief.',
           (ARRAY['no','no','yes','unknown'])[1 + abs(hashtext('b' || w.id)) %% 4]
    FROM interviews_writeup w
    WHERE w.programme_id = %(programme)s::uuid AND abs(hashtext('d' || w.id)) %% 2 = 0
    """,
    """
    UPDATE interviews_writeup w SET submitted_at = b.written_up_at
    FROM calls_debrief b WHERE b.id = w.debrief_id AND w.programme_id = %(programme)s::uuid
    """,
)
TABLES = (
    "deals_company", "deals_deal", "deals_dealparty", "deals_dealcompetitor", "deals_contact", "deals_need", "calls_debrief",
    "findings_release", "findings_remark", "interviews_writeup", "interviews_recordcheck", "interviews_needassessment",
    "interviews_disclosure",
)  # fmt: skip


@transaction.atomic
def build_at_scale(*, count: int, now: datetime, slug: str = SLUG) -> Programme:
    """A programme of `count` deals with debriefs for a fifth of the decided ones; made anew under a free slug.

    Filled by the database itself, statement by statement; ANALYZE afterwards, so that the planner knows the new sizes.
    """
    taken = Programme.objects.filter(slug__startswith=slug).count()
    programme = Programme.objects.create(
        slug=f"{slug}-{taken + 1}" if taken else slug,
        name=f"{count:,} deals",
        company_name="Scale",
        time_zone="UTC",
        is_demonstration=True,
    )
    install_starter_codebook(programme=programme)
    install_starter_guides(programme=programme, by=None, now=now)
    pools = cast.name_pools()
    values: dict[str, Any] = {"programme": str(programme.id), "count": count, "now": now, **pools}
    values |= {f"n_{name}": len(pool) for name, pool in pools.items()}
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    return programme


def analyse() -> None:
    """Does for the filled tables what autovacuum would within minutes: statistics, and the map of rows that all see; needs the owner's rights.

    Without that map no index answers alone. Inside a transaction, where none can be drawn, statistics only.
    """
    work = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"{work} {table}")
