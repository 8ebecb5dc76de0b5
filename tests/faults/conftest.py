"""A kind of notice that worker processes know too."""

import pytest

from debriefs.foundation import notice_kinds
from tests.faults import probe


@pytest.fixture
def probe_kind():
    """Registers the kind here; children know it by their settings (tests.faults.settings)."""
    notice_kinds.register(probe.KIND)
