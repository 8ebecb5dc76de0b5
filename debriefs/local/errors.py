"""What the launcher refuses, as a sentence for the person at the terminal."""


class LauncherError(Exception):
    """A start that cannot go on. Its text is shown as it is, without a traceback."""
