"""The mails of this room."""


def register_all() -> None:
    """Registers the kinds of notice that findings sends."""
