"""Makes netpatrol/data/t2s.txt from OpenCC's character table; run by hand when OpenCC changes.

Usage: python tools/make_t2s.py PATH/TO/TSCharacters.txt > netpatrol/data/t2s.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

HEAD = """\
# Traditional -> simplified, one character to one character ("traditional simplified" per line).
# Derived from OpenCC, data/dictionary/TSCharacters.txt (https://github.com/BYVoid/OpenCC), first candidate each.
# Copyright 2010-2014 Carbo Kuo and contributors; licensed under the Apache License, Version 2.0.
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """Return the single-character pairs that change something, sorted by code point."""
    rows = (line.split("\t") for line in table.splitlines() if "\t" in line)
    found = {old: new.split()[0] for old, new in rows}
    return sorted((old, new) for old, new in found.items() if len(old) == len(new) == 1 and old != new)


def main() -> None:
    """Write the table to standard output."""
    found = pairs(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(HEAD + "".join(f"{old} {new}\n" for old, new in found))


if __name__ == "__main__":
    main()
