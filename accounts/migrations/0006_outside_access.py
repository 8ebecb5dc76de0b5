import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_logo")]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="outside_access_days",
            field=models.PositiveSmallIntegerField(
                default=30, validators=[django.core.validators.MaxValueValidator(365)]
            ),
        ),
    ]
