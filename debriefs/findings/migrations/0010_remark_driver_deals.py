from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0009_remark_counts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="remark",
            index=models.Index(
                fields=["programme", "driver", "deal"],
                include=("release", "direction", "strength"),
                name="remark_driver_deals",
            ),
        ),
        migrations.RemoveIndex(
            model_name="remark",
            name="remark_driver",
        ),
    ]
