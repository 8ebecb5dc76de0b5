"""No row of a write-up joins two programmes, and what was handed in never changes: triggers refuse it, by page, ORM and SQL alike.

Erasing a person's data is the one exception: a transaction that says `SET LOCAL debriefs.erasing = 'on'` may.
"""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme

PARTS = ("statedreason", "recordcheck", "needassessment", "competitorstanding", "disclosure")
HEARD = ("answer", "verbatim", "tag")

FORWARD = """
CREATE FUNCTION interviews_is_erasing() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('debriefs.erasing', true), '') = 'on'
$$;

CREATE FUNCTION interviews_refuse_write_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.submitted_at IS NOT NULL AND NOT interviews_is_erasing() THEN
    RAISE EXCEPTION 'write-up % was handed in and cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION interviews_refuse_write_up_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of uuid;
BEGIN
  IF interviews_is_erasing() THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  -- A need that the deal lists no more is forgotten here; its words stay.
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'need_id' = to_jsonb(OLD) - 'need_id' THEN RETURN NEW; END IF;
  IF TG_OP <> 'INSERT' THEN
    of := OLD.write_up_id;
    IF EXISTS (SELECT 1 FROM interviews_writeup w WHERE w.id = of AND w.submitted_at IS NOT NULL) THEN
      RAISE EXCEPTION 'write-up % was handed in and cannot be changed', of USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  -- FOR SHARE: handing in waits for parts being written, and a part waits for the handing in.
  PERFORM 1 FROM interviews_writeup w WHERE w.id = NEW.write_up_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM interviews_writeup w WHERE w.id = NEW.write_up_id AND w.submitted_at IS NOT NULL) THEN
    RAISE EXCEPTION 'write-up % was handed in and cannot be changed', NEW.write_up_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION interviews_refuse_heard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of uuid;
BEGIN
  IF interviews_is_erasing() OR (TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_TABLE_NAME = 'interviews_answer' THEN
    of := OLD.sheet_id;
  ELSIF TG_OP = 'INSERT' THEN
    SELECT a.sheet_id INTO of FROM interviews_answer a WHERE a.id = NEW.answer_id;
  ELSE
    SELECT a.sheet_id INTO of FROM interviews_answer a WHERE a.id = OLD.answer_id;
  END IF;
  -- Answers are frozen once sent or handed in; what is marked in them, once the write-up is handed in.
  IF EXISTS (
    SELECT 1 FROM interviews_answersheet s LEFT JOIN interviews_writeup w ON w.debrief_id = s.debrief_id AND w.submitted_at IS NOT NULL
    WHERE s.id = of AND (w.id IS NOT NULL OR (TG_TABLE_NAME = 'interviews_answer' AND s.submitted_at IS NOT NULL))
  ) THEN
    RAISE EXCEPTION 'answer sheet % was handed in and cannot be changed', of USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER interviews_write_up_frozen BEFORE UPDATE OR DELETE ON interviews_writeup
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_write_up();
CREATE TRIGGER interviews_answer_frozen BEFORE UPDATE OR DELETE ON interviews_answer
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_heard();
CREATE TRIGGER interviews_verbatim_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_verbatim
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_heard();
CREATE TRIGGER interviews_tag_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_tag
  FOR EACH ROW EXECUTE FUNCTION interviews_refuse_heard();
""" + "".join(  # noqa: S608
    f"CREATE TRIGGER interviews_{part}_frozen BEFORE INSERT OR UPDATE OR DELETE ON interviews_{part} "
    "FOR EACH ROW EXECUTE FUNCTION interviews_refuse_write_up_part();\n"
    for part in PARTS
)

BACKWARD = (
    "DROP TRIGGER interviews_write_up_frozen ON interviews_writeup;\n"
    + "".join(f"DROP TRIGGER interviews_{name}_frozen ON interviews_{name};\n" for name in (*HEARD, *PARTS))
    + "DROP FUNCTION interviews_refuse_write_up, interviews_refuse_write_up_part, interviews_refuse_heard, interviews_is_erasing;"
)


class Migration(migrations.Migration):
    dependencies = [("interviews", "0005_write_up")]

    operations = [
        programme_target("interviews_writeup"),
        programme_target("deals_need"),
        same_programme(
            "interviews_writeup",
            debrief="calls_debrief",
            opened_by="accounts_person",
            submitted_by="accounts_person",
            winner="deals_competitor",
        ),
        same_programme("interviews_statedreason", write_up="interviews_writeup"),
        same_programme("interviews_recordcheck", write_up="interviews_writeup"),
        same_programme("interviews_needassessment", write_up="interviews_writeup", need="deals_need"),
        same_programme("interviews_competitorstanding", write_up="interviews_writeup", competitor="deals_competitor"),
        same_programme("interviews_disclosure", write_up="interviews_writeup"),
        same_programme("interviews_writeuprevision", write_up="interviews_writeup", saved_by="accounts_person"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
