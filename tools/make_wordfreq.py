"""Makes netpatrol/data/wordfreq.txt from the dictionary of jieba; run by hand, output to that file."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.resources import files

HEAD = """\
# How often characters (and common words of two) stand in running text, per million characters ("word count" per line).
# Derived from the dictionary of jieba 0.42.1 (https://github.com/fxsjy/jieba), dict.txt.
# Copyright 2013 Sun Junyi, licensed under the MIT License.
"""
_RAREST = 5  # per million


def main() -> None:
    """Write the table to standard output."""
    counts: Counter[str] = Counter()
    for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        for char in word:
            counts[char] += int(frequency)
        for i in range(len(word) - 1):
            counts[word[i : i + 2]] += int(frequency)
    total = sum(count for word, count in counts.items() if len(word) == 1)
    rows = ((word, round(count * 1_000_000 / total)) for word, count in counts.items())
    common = sorted((row for row in rows if row[1] >= _RAREST), key=lambda row: (-row[1], row[0]))
    sys.stdout.write(HEAD + "".join(f"{word} {count}\n" for word, count in common))


if __name__ == "__main__":
    main()
