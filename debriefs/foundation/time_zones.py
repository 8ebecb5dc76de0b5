"""The zones people may choose, from the pinned tzdata package."""

import zoneinfo

# Names that are no places: a person's zone must say where the person is, and UTC.
_NO_PLACES = ("Etc/", "SystemV/", "US/")
ZONES: tuple[str, ...] = tuple(
    sorted(
        name
        for name in zoneinfo.available_timezones()
        if ("/" in name and not name.startswith(_NO_PLACES)) or name == "UTC"
    )
)
