"""An app without tables that registers the probe."""

from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "tests.faults"
    label = "faults_probe"

    def ready(self) -> None:
        from debriefs.foundation import notice_kinds
        from tests.faults import probe

        notice_kinds.register(probe.KIND)
