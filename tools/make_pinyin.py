"""Makes netpatrol/data/pinyin.txt from pypinyin; run by hand, output to that file."""

from __future__ import annotations

import sys

from pypinyin import Style, pinyin

HEAD = """\
# Character -> syllable without tone, the characters of GB 2312 ("character syllable" per line).
# Derived from pypinyin / pinyin-data (https://github.com/mozillazg/pinyin-data), most common reading.
# Copyright 2016 mozillazg, licensed under the MIT License.
"""


def gb2312() -> list[str]:
    """Return the 6,763 Han characters of GB 2312."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return [text for text in (cell.decode("gb2312", "ignore") for cell in cells) if text]


def main() -> None:
    """Write the table to standard output."""
    rows = ((char, pinyin(char, style=Style.NORMAL)[0][0]) for char in gb2312())
    sys.stdout.write(HEAD + "".join(f"{char} {syllable}\n" for char, syllable in rows))


if __name__ == "__main__":
    main()
