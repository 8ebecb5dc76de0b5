from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

# A word with one error still holds one of its halves, or has the two letters in its middle the other way round. Halves are what the
# index is asked for: three look-ups instead of four for each letter. Words of four and five letters have a half of two, which holds
# a trigram at the beginning or the end of a word only.
FUNCTION = r"""
CREATE FUNCTION deals_near_parts(word text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := btrim(public.deals_folded(word), ' ');
  in_capitals boolean := folded ~ '[A-Z]';
  glue text := CASE WHEN in_capitals THEN ' ' ELSE '' END;
  l text[] := string_to_array(folded, CASE WHEN in_capitals THEN ' ' END);
  n int := cardinality(l);
  half int := n / 2;
BEGIN
  IF n < 4 OR n > 24 THEN
    RETURN ARRAY[public.deals_search_pattern(word)];
  END IF;
  FOR i IN 1..n LOOP
    l[i] := regexp_replace(l[i], '([\\%_])', '\\\1', 'g');
  END LOOP;
  RETURN ARRAY[
    CASE WHEN n < 6 AND NOT in_capitals THEN '% ' ELSE '%' END || array_to_string(l[:half], glue) || '%',
    '%' || array_to_string(l[half+1:], glue) || CASE WHEN n < 5 AND NOT in_capitals THEN ' %' ELSE '%' END,
    '%' || array_to_string(l[:half-1] || l[half+1] || l[half] || l[half+2:], glue) || '%'];
END $$;
"""


def _short_pending_list(name: str, column: str) -> migrations.RunSQL:
    """The setting changed in place: the index need not be built anew."""
    index = GinIndex(OpClass(models.F(column), name="gin_trgm_ops"), name=name, gin_pending_list_limit=512)
    return migrations.RunSQL(
        f"ALTER INDEX {name} SET (gin_pending_list_limit = 512)",
        f"ALTER INDEX {name} RESET (gin_pending_list_limit)",
        state_operations=[migrations.RemoveIndex("deal", name), migrations.AddIndex("deal", index)],
    )


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_keys_checked_once")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION deals_near_parts(text)"),
        _short_pending_list("deal_search_trigrams", "search_key"),
        _short_pending_list("deal_contact_trigrams", "contact_key"),
    ]
