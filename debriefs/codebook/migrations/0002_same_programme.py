"""No row of this room joins two programmes: composite foreign keys."""

from django.db import migrations

from debriefs.foundation.same_programme import programme_target, same_programme


class Migration(migrations.Migration):
    dependencies = [("codebook", "0001_initial")]

    operations = [
        programme_target("codebook_category"),
        programme_target("codebook_driver"),
        same_programme("codebook_driver", category="codebook_category"),
        same_programme("codebook_reasonmeaning", category="codebook_category", driver="codebook_driver"),
    ]
