"""An app without tables that registers the probe, and lets imports of worker processes take small chunks."""

import os

from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "tests.faults"
    label = "faults_probe"

    def ready(self) -> None:
        from debriefs.deals import importing
        from debriefs.deals.actions import undo
        from debriefs.foundation import notice_kinds
        from tests.faults import probe

        notice_kinds.register(probe.KIND)
        if rows := os.environ.get("FAULTS_CHUNK_ROWS"):
            importing.CHUNK_ROWS = undo.CHUNK_DEALS = int(rows)
