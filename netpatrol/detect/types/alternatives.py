"""Regular expressions for many words: a tree by characters, because Python's engine tries alternatives one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Node:
    """What may follow the characters so far; `ends` if they are a word themselves."""

    following: dict[str, _Node] = field(default_factory=dict)
    ends: bool = False


def any_of(words: Iterable[str]) -> str:
    """Return alternatives for literal words of which the longest wins, as in a list sorted by length.

    At one place of a text all words that fit lie on one path of the tree, so trying deep before shallow is the order
    of that list. Each alternative starts with a plain character: only then does the engine know what a match begins
    with, and skips everything else.
    """
    root = _Node()
    for word in words:
        node = root
        for char in word:
            below = node.following.get(char)
            if below is None:
                below = node.following[char] = _Node()
            node = below
        node.ends = True
    return "|".join(re.escape(char) + _rest(child) for char, child in root.following.items())


def _rest(node: _Node) -> str:
    """Return what follows a node."""
    if not node.following:
        return ""
    leaves = "".join(re.escape(char) for char, child in node.following.items() if not child.following)
    pieces = [re.escape(char) + _rest(child) for char, child in node.following.items() if child.following]
    if leaves:
        pieces.append(f"[{leaves}]")
    if node.ends:
        return f"(?:{'|'.join(pieces)}|)" if len(pieces) > 1 or not leaves else f"{pieces[0]}?"
    return pieces[0] if len(pieces) == 1 else f"(?:{'|'.join(pieces)})"
