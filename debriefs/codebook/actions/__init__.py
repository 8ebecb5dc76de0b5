"""Changes of the codebook."""

from debriefs.codebook.actions.changes import (
    add_driver,
    describe_driver,
    map_reason,
    merge_driver,
    restore_driver,
    retire_driver,
    split_driver,
)
from debriefs.codebook.actions.starter import install_starter_codebook

__all__ = [
    "add_driver",
    "describe_driver",
    "install_starter_codebook",
    "map_reason",
    "merge_driver",
    "restore_driver",
    "retire_driver",
    "split_driver",
]
