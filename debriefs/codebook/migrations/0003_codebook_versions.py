"""The codebook changes by versions: a driver can count as another, and says what belongs to it. Starter texts come along."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import programme_target, same_programme


def add_texts(apps, schema_editor):
    """Existing programmes get the starter texts where a driver has none, and one driver per category for what fits none."""
    from debriefs.codebook.starter_texts import OTHER_DEFINITION, OTHER_NAME, TEXTS

    driver, category = apps.get_model("codebook", "Driver"), apps.get_model("codebook", "Category")
    for key, (include, exclude, example) in TEXTS.items():
        driver.objects.filter(key=key, include="", exclude="", example="").update(
            include=include, exclude=exclude, example=example
        )
    driver.objects.bulk_create(
        [
            driver(
                programme_id=row.programme_id,
                category=row,
                key=f"{row.key}-other",
                name=OTHER_NAME.format(category=row.name),
                definition=OTHER_DEFINITION,
                position=1_000,
                is_other=True,
            )
            for row in category.objects.all()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_same_programme"),
        ("codebook", "0002_same_programme"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodebookVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("described", "described anew"),
                            ("merged", "merged"),
                            ("split", "split"),
                            ("retired", "retired"),
                            ("restored", "offered again"),
                            ("reason", "CRM reason mapped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("detail", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="driver",
            name="counts_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counted",
                to="codebook.driver",
            ),
        ),
        migrations.AddField(
            model_name="driver",
            name="example",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="driver",
            name="exclude",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="driver",
            name="include",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="driver",
            name="is_other",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="driver",
            constraint=models.CheckConstraint(
                condition=models.Q(("counts_as__isnull", True), ("retired_at__isnull", False), _connector="OR"),
                name="driver_counts_as_when_retired",
            ),
        ),
        migrations.AddConstraint(
            model_name="driver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counts_as__isnull", True), models.Q(("counts_as", models.F("id")), _negated=True), _connector="OR"
                ),
                name="driver_counts_as_another",
            ),
        ),
        migrations.AddField(
            model_name="codebookversion",
            name="driver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="codebook.driver",
            ),
        ),
        migrations.AddField(
            model_name="codebookversion",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
            ),
        ),
        migrations.AddField(
            model_name="codebookversion",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.programme"
            ),
        ),
        migrations.AddConstraint(
            model_name="codebookversion",
            constraint=models.UniqueConstraint(fields=("programme", "number"), name="codebook_version_once"),
        ),
        programme_target("codebook_codebookversion"),
        same_programme("codebook_driver", counts_as="codebook_driver"),
        same_programme("codebook_codebookversion", driver="codebook_driver", made_by="accounts_person"),
        migrations.RunPython(add_texts, migrations.RunPython.noop),
    ]
