"""Released words are searched, each in the language of its debrief."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_same_programme"),
        ("codebook", "0003_codebook_versions"),
        ("guides", "0001_initial"),
        ("calls", "0001_initial"),
        ("deals", "0009_folded_search"),
        ("findings", "0003_cleared_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="remark",
            name="language",
            field=models.CharField(default="en", max_length=10),
        ),
        migrations.RunSQL(
            "UPDATE findings_remark AS remark SET language = guide.language "
            "FROM findings_release AS release JOIN calls_debrief AS debrief ON debrief.id = release.debrief_id "
            "JOIN guides_guideversion AS version ON version.id = debrief.guide_version_id "
            "JOIN guides_guide AS guide ON guide.id = version.guide_id WHERE release.id = remark.release_id",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="remark",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    template="CASE language WHEN 'en' THEN to_tsvector('pg_catalog.english'::regconfig, verbatim || ' ' || note) WHEN 'de' THEN to_tsvector('pg_catalog.german'::regconfig, verbatim || ' ' || note) WHEN 'fr' THEN to_tsvector('pg_catalog.french'::regconfig, verbatim || ' ' || note) WHEN 'es' THEN to_tsvector('pg_catalog.spanish'::regconfig, verbatim || ' ' || note) ELSE to_tsvector('pg_catalog.simple'::regconfig, verbatim || ' ' || note) END",
                    output_field=django.contrib.postgres.search.SearchVectorField(),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="remark",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="remark_words"),
        ),
        migrations.AddIndex(
            model_name="remark",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Lower(
                        django.db.models.functions.text.Concat(
                            "verbatim", models.Value(" ", models.TextField()), "note"
                        )
                    ),
                    name="gin_trgm_ops",
                ),
                name="remark_said_trigrams",
            ),
        ),
    ]
