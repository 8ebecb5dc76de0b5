"""A published guide version never changes: triggers refuse it to every role, pages and SQL alike."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION guides_refuse_published_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'guide version % is published and cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guides_refuse_published_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row_version uuid;
BEGIN
  -- Both the version left and the version entered count: a question can neither leave nor join a published one.
  IF TG_OP <> 'INSERT' THEN
    row_version := OLD.version_id;
    IF EXISTS (SELECT 1 FROM guides_guideversion v WHERE v.id = row_version AND v.published_at IS NOT NULL) THEN
      RAISE EXCEPTION 'guide version % is published and cannot be changed', row_version USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  -- FOR SHARE: publishing waits for questions being written, and a question waits for the publishing.
  PERFORM 1 FROM guides_guideversion v WHERE v.id = NEW.version_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM guides_guideversion v WHERE v.id = NEW.version_id AND v.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'guide version % is published and cannot be changed', NEW.version_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guides_refuse_published_probe() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row_version uuid;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT q.version_id INTO row_version FROM guides_question q WHERE q.id = OLD.question_id;
    IF EXISTS (SELECT 1 FROM guides_guideversion v WHERE v.id = row_version AND v.published_at IS NOT NULL) THEN
      RAISE EXCEPTION 'guide version % is published and cannot be changed', row_version USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  SELECT q.version_id INTO row_version FROM guides_question q WHERE q.id = NEW.question_id;
  PERFORM 1 FROM guides_guideversion v WHERE v.id = row_version FOR SHARE;
  IF EXISTS (SELECT 1 FROM guides_guideversion v WHERE v.id = row_version AND v.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'guide version % is published and cannot be changed', row_version USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guides_version_frozen BEFORE UPDATE OR DELETE ON guides_guideversion
  FOR EACH ROW EXECUTE FUNCTION guides_refuse_published_version();
CREATE TRIGGER guides_question_frozen BEFORE INSERT OR UPDATE OR DELETE ON guides_question
  FOR EACH ROW EXECUTE FUNCTION guides_refuse_published_question();
CREATE TRIGGER guides_probe_frozen BEFORE INSERT OR UPDATE OR DELETE ON guides_probe
  FOR EACH ROW EXECUTE FUNCTION guides_refuse_published_probe();
"""

BACKWARD = """
DROP TRIGGER guides_probe_frozen ON guides_probe;
DROP TRIGGER guides_question_frozen ON guides_question;
DROP TRIGGER guides_version_frozen ON guides_guideversion;
DROP FUNCTION guides_refuse_published_probe();
DROP FUNCTION guides_refuse_published_question();
DROP FUNCTION guides_refuse_published_version();
"""


class Migration(migrations.Migration):
    dependencies = [("guides", "0002_same_programme")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
