from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations, models

import debriefs.deals.search

# Both functions name what they call with its schema, so that they answer alike under every search path, as an index needs it.
FUNCTIONS = r"""
CREATE FUNCTION deals_folded(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  plain text := said;
BEGIN
  IF octet_length(said) = length(said) THEN
    RETURN ' ' || lower(said) || ' ';
  END IF;
  -- Compatibility forms unified, then without accents, vowel points and marks that nobody sees.
  plain := regexp_replace(
    normalize(plain, NFKD),
    '[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFE00-\uFE0F\uFEFF]',
    '', 'g');
  plain := replace(lower(public.unaccent('public.unaccent'::regdictionary, plain)), 'ς', 'σ');
  IF octet_length(plain) <> length(plain) THEN
    -- Every other letter becomes a word of six capitals, one to one and well spread: trigrams know only the letters of the
    -- database's locale, which may be the plain Latin ones alone. Capitals stand for nothing else here.
    plain := (
      SELECT string_agg(
        CASE WHEN ascii(letter) < 128 THEN letter
             ELSE ' ' || translate(lpad(to_hex((ascii(letter)::bigint * 3635633) & 16777215), 6, '0'),
                                   '0123456789abcdef', 'ABCDEFGHIJKLMNOP') || ' ' END,
        '' ORDER BY place)
      FROM regexp_split_to_table(plain, '') WITH ORDINALITY AS letters (letter, place));
  END IF;
  RETURN regexp_replace(' ' || plain || ' ', ' +', ' ', 'g');
END $$;

CREATE FUNCTION deals_search_pattern(word text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := btrim(public.deals_folded(word), ' ');
BEGIN
  -- One or two letters hold no trigram; at the beginning of a word they do.
  RETURN CASE WHEN length(folded) < 3 THEN '% ' ELSE '%' END || regexp_replace(folded, '([\\%_])', '\\\1', 'g') || '%';
END $$;

CREATE FUNCTION deals_near_patterns(word text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := btrim(public.deals_folded(word), ' ');
  in_capitals boolean := folded ~ '[A-Z]';
  glue text := CASE WHEN in_capitals THEN ' ' ELSE '' END;
  any_letter text := CASE WHEN in_capitals THEN '______' ELSE '_' END;
  l text[] := string_to_array(folded, CASE WHEN in_capitals THEN ' ' END);
  n int := cardinality(l);
  said text[] := ARRAY[public.deals_search_pattern(word)];
BEGIN
  IF n < 4 OR n > 24 THEN
    RETURN said;
  END IF;
  FOR i IN 1..n LOOP
    l[i] := regexp_replace(l[i], '([\\%_])', '\\\1', 'g');
  END LOOP;
  FOR i IN 1..n LOOP
    said := said || ('%' || array_to_string(l[:i-1] || any_letter || l[i+1:], glue) || '%');
    said := said || ('%' || array_to_string(l[:i-1] || l[i+1:], glue) || '%');
    IF i < n THEN
      said := said || ('%' || array_to_string(l[:i] || any_letter || l[i+1:], glue) || '%');
      said := said || ('%' || array_to_string(l[:i-1] || l[i+1] || l[i] || l[i+2:], glue) || '%');
    END IF;
  END LOOP;
  RETURN said;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0008_import_tries")]

    operations = [
        UnaccentExtension(),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION deals_search_pattern(text); DROP FUNCTION deals_folded(text)"),
        migrations.RemoveIndex(model_name="deal", name="deal_search_trigrams"),
        migrations.RemoveIndex(model_name="deal", name="deal_contact_trigrams"),
        migrations.AddField(
            model_name="deal",
            name="search_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=debriefs.deals.search.Folded(models.F("search_text")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="contact_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=debriefs.deals.search.Folded(models.F("contact_text")),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=GinIndex(OpClass(models.F("search_key"), name="gin_trgm_ops"), name="deal_search_trigrams"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=GinIndex(OpClass(models.F("contact_key"), name="gin_trgm_ops"), name="deal_contact_trigrams"),
        ),
    ]
