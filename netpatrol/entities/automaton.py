"""All registered names over running text: one automaton, built once at import, loaded as bytes by each worker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netpatrol.entities.flat import map_array

MIN_LENGTH = 6
MAX_LENGTH = 60
_NAME_LIKE = re.compile(
    r"(?:公司|集团|合作社|联合社|厂|店|部|行|馆|院|坊|社|所|站|超市|酒店|药房|诊所|医院|中心|学校|工作室|商场)"
    r"(?:\([^()]{1,16}\))?$"
)
_LONGER = re.compile(
    r"(?:[^\s,，。;；:：、()的]{0,10}(?:分公司|分店|分行|支行|营业部|门市部|经营部|分厂)|店(?:铺|[一-鿿]{0,4}店))"
)


class NameFinder:
    """Finds registered names in folded text; each is the longest at its place, and no part of a longer name."""

    def __init__(self, automaton: Any, rows: NDArray[np.uint32]) -> None:
        self._automaton, self._rows = automaton, rows

    @classmethod
    def build(cls, names: Iterable[tuple[str, int]]) -> NameFinder:
        """Build from (folded name, row); names too short or not like names of firms are left out."""
        from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

        distinct: dict[str, int] = {}
        for name, row in names:
            if MIN_LENGTH <= len(name) <= MAX_LENGTH and _NAME_LIKE.search(name):
                distinct.setdefault(name, row)
        patterns = sorted(distinct) or ["\u0001\u0002\u0003"]
        rows = np.array([distinct.get(name, 0) for name in patterns], dtype=np.uint32)
        return cls(CharwiseDoubleArrayAhoCorasick(patterns, MATCH_KIND_LEFTMOST_LONGEST), rows)

    @classmethod
    def load(cls, folder: Path) -> NameFinder:
        """Load what `save` wrote."""
        from daachorse import CharwiseDoubleArrayAhoCorasick

        automaton = CharwiseDoubleArrayAhoCorasick.deserialize((folder / "names.automaton").read_bytes())
        return cls(automaton, map_array(folder / "names.rows.npy"))

    def save(self, folder: Path) -> None:
        """Write automaton and rows."""
        (folder / "names.automaton").write_bytes(self._automaton.serialize())
        np.save(folder / "names.rows.npy", self._rows)

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (row, start, end) of the registered names in a normalised text."""
        for start, end, pattern in self._automaton.find(text):
            if not _LONGER.match(text, end):
                yield int(self._rows[pattern]), start, end
