"""An upload's bytes move from one large value into rows of half a megabyte, so that no process holds them whole."""

import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import same_programme

_SPLIT = """
    INSERT INTO deals_uploadedpart (programme_id, file_id, position, content)
    SELECT programme_id, id, place, substring(content FROM place * 524288 + 1 FOR 524288)
    FROM deals_uploadedfile, generate_series(0, (octet_length(content) - 1) / 524288) AS place
    WHERE octet_length(content) > 0;
    UPDATE deals_uploadedfile SET size = octet_length(content);
"""
_JOIN = """
    UPDATE deals_uploadedfile SET content = coalesce(
        (SELECT string_agg(content, ''::bytea ORDER BY position) FROM deals_uploadedpart WHERE file_id = deals_uploadedfile.id),
        ''::bytea);
"""


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_saved_views_and_contact_search")]

    operations = [
        migrations.CreateModel(
            name="UploadedPart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="deals.uploadedfile"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="uploadedpart",
            constraint=models.UniqueConstraint(fields=("file", "position"), name="uploaded_part_once"),
        ),
        same_programme("deals_uploadedpart", file="deals_uploadedfile"),
        migrations.AddField("uploadedfile", "size", models.PositiveBigIntegerField(default=0)),
        # The default is for the way back, when the column returns to rows that are there.
        migrations.AlterField("uploadedfile", "content", models.BinaryField(default=b"")),
        migrations.RunSQL(_SPLIT, _JOIN),
        # A waiting check of a foreign key would stand in the way of the change of columns.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveField("uploadedfile", "content"),
    ]
