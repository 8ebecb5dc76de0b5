"""`python -m debriefs.local run`: the whole product from one checkout. The other commands are its children."""

import sys
from pathlib import Path

from debriefs.local.errors import LauncherError


def main(arguments: list[str]) -> int:
    """Runs one command of the launcher and returns its exit status."""
    if len(arguments) == 3 and arguments[0] == "keeper":
        from debriefs.local import keeper

        return keeper.main(arguments[1], arguments[2])
    if len(arguments) == 3 and arguments[0] == "mailbox":
        from debriefs.local import smtp

        smtp.serve(int(arguments[1]), Path(arguments[2]))
        return 0
    if arguments == ["run"]:
        from debriefs.local.supervisor import Supervisor

        return Supervisor().run()
    print("Use `make run`, or `python -m debriefs.local run`.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        status = main(sys.argv[1:])
    except LauncherError as refusal:
        print(refusal, file=sys.stderr)
        status = 1
    sys.exit(status)
