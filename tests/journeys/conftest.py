"""Journeys use the same browser as the browser tests."""

from tests.browser.conftest import axe_source, chromium, open_page, violations

__all__ = ["axe_source", "chromium", "open_page", "violations"]
