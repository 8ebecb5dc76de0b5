"""Choosing a driver: a list without script, searched while typing with it (static/js/typeahead.js)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DriverSelect(forms.Select):
    """A list of drivers whose options carry what is searched besides their names: definition, what belongs there, example, key."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"data-typeahead": "", "data-nothing": _("No driver holds that")} | (attrs or {}), **kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option with the driver's texts; no query, the driver comes with its value."""
        option = super().create_option(name, value, *args, **kwargs)
        driver = getattr(value, "instance", None)
        if driver is not None:
            option["attrs"]["data-definition"] = driver.definition
            option["attrs"]["data-more"] = " ".join(filter(None, (driver.include, driver.example, driver.key)))
        return option
