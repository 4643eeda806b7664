"""Alternatives as a tree find what a list of the words, longest first, finds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from netpatrol.detect.types.alternatives import any_of

WORDS = st.lists(st.text("最好吃.*a[", min_size=1, max_size=4), min_size=1, max_size=12, unique=True)


@given(words=WORDS, text=st.text("最好吃.*a[ ", max_size=20), tail=st.sampled_from(["", "吃", "[最a]?", "(?!好)"]))
def test_tree_equals_list_of_words(words: list[str], text: str, tail: str) -> None:
    longest_first = sorted(words, key=len, reverse=True)
    listed = re.compile(f"(?:{'|'.join(map(re.escape, longest_first))}){tail}")
    tree = re.compile(f"(?:{any_of(longest_first)}){tail}")
    assert [match.span() for match in tree.finditer(text)] == [match.span() for match in listed.finditer(text)]
