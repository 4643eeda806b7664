"""Which of many things can hold in a stretch of text at all, told by one pass over it."""

from __future__ import annotations

from collections.abc import Iterable

from netpatrol.detect.scan import collapse


class Index:
    """Made of ids with words of which one must stand in the stretch; an id without words is always possible."""

    def __init__(self, entries: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        import daachorse

        places: dict[str, set[int]] = {}
        always: set[int] = set()
        for number, words in entries:
            bare = set(map(collapse, words))
            if not bare or "" in bare:
                always.add(number)
            for word in bare - {""}:
                places.setdefault(word, set()).add(number)
        self._always = frozenset(always)
        self._places = tuple(places.values())
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(places)) if places else None

    def possible(self, stretch: str) -> frozenset[int]:
        """Return the ids of what can hold in a stretch of text."""
        bare = collapse(stretch)
        if self._automaton is None or not bare:
            return self._always
        words = {number for _, _, number in self._automaton.find_overlapping(bare)}
        return self._always.union(*(self._places[number] for number in words))
