"""The command's beginning: who breaks it off while it is still being loaded is told nothing more than one who does so later."""

from __future__ import annotations

import sys


def start() -> None:
    """Load and run the `netpatrol` command."""
    try:
        from netpatrol.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    start()
