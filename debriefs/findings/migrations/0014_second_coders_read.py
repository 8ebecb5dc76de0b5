"""Second codings begun before the debrief named its second coder: it names them now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def name_second_coders(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    codings = apps.get_model("findings", "SecondCoding").objects.filter(coder__isnull=False)
    debriefs = apps.get_model("calls", "Debrief").objects
    others = codings.exclude(coder=F("debrief__interviewer")).exclude(coder=F("debrief__reviewer"))
    for debrief, coder in others.values_list("debrief", "coder"):
        debriefs.filter(pk=debrief).update(second_coder=coder)


class Migration(migrations.Migration):
    dependencies = [("findings", "0013_second_coder_left"), ("calls", "0010_second_coder")]

    operations = [migrations.RunPython(name_second_coders, migrations.RunPython.noop)]
