"""Who codes a debrief a second time stands with the debrief: it is what opens the notes to them."""

import django.db.models.deletion
from django.db import migrations, models

from debriefs.foundation.same_programme import same_programme


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_outside_access"),
        ("calls", "0009_written_debrief"),
        ("deals", "0016_sealed_names"),
        ("guides", "0005_permissions_asked"),
    ]

    operations = [
        migrations.AddField(
            model_name="debrief",
            name="second_coder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debriefs_to_code_again",
                to="accounts.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="debrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_coder__isnull", True),
                    models.Q(
                        models.Q(("second_coder", models.F("interviewer")), _negated=True),
                        models.Q(
                            ("reviewer__isnull", True),
                            models.Q(("second_coder", models.F("reviewer")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="debrief_second_coder_is_a_third",
            ),
        ),
        same_programme("calls_debrief", second_coder="accounts_person"),
    ]
