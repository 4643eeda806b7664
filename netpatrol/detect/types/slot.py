"""Slots: the small language in which an analyst writes what a claim looks like, and its translation to a regex.

Parts stand between spaces and follow each other, with one optional blank between them on the page:

    好吃            these words                     一|两|三        one of these
    @praise        one of a lexicon                @praise|好吃     lexicon or words
    part?          may be absent                   part*           start the search here (else at the rarest part)
    ~6             up to 6 characters of the same clause            ≈20   of the same sentence (commas allowed)
    #              a number, Arabic or Chinese     #天|#年内       words with a number in them
    /[a-z]/        a raw piece of regex, without blanks; it starts no search
    !a|@b          must not follow here            <!a|@b          must not stand before here (no numbers)
    ^  $           start or end of a clause         的|$            these words, or the end of a clause
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import inf, prod
from typing import Any, NamedTuple, TypeVar

from netpatrol.detect.types.alternatives import any_of
from netpatrol.detect.types.frequency import cost
from netpatrol.detect.view import JOINED
from netpatrol.text.normalise import plain

Lexicons = Mapping[str, tuple[str, ...]]
T = TypeVar("T")

_STOP = "。！？!?;；\\n"
_COMMA = f"，,、:：…{JOINED}"
_END = rf"(?![^{_STOP}{_COMMA}\s”\"）)】|~])"
NUMBER = r"[0-9一二三四五六七八九十百千万亿两几半数零〇]+(?:\.[0-9]+)?"
_MAX_GAP = 60
_LONGEST_NUMBER = 30  # characters; what goes on for longer is no number that a claim could rest on
_NO_WORDS = "~≈/!^$#"  # with these a part begins that cannot be spelled out
_ENDLESS = re.compile(r"[*+]|,\}")
_REPEATED_GROUP = re.compile(r"(?<!\\)\)[*+{]")
_REPEAT = re.compile(r"(\d+)\}")
_LONGEST_WORD = 100  # characters; ours have 24 at most, and a word is a branch of a tree that is walked by recursion
_MOST_JOINED = 3000  # words made of two neighbouring parts
_MOST_WORDS = 50_000  # of one lexicon with all that it names; ours have 4,698 at most
_DEEPEST = 20  # lexicons that name each other in a row; ours are 3 deep at most
_MOST_WAYS = 200_000  # in which the gaps and optional parts of one slot can lie; ours have 16,200 at most


_NO_REGEX = (re.error, ValueError, OverflowError, RecursionError, FutureWarning)
"""What putting a regex together can raise: besides faults, numbers and nesting beyond what the engine can hold."""


class SlotError(ValueError):
    """A slot that cannot be read; the message is for the analyst."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a part says: its regex (asked for late), its words (none for gaps and raw pieces), how long it can be."""

    source: Callable[[], str]
    words: tuple[str, ...] = ()
    longest: int | None = 0
    groups: bool = False  # it has groups with numbers


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a slot: a piece, whether it may be absent and whether the search starts at it."""

    piece: _Piece
    optional: bool
    chosen: bool
    numbered: bool  # a number stands in some word: its other half borders on nothing


class Understood(NamedTuple):
    """What a slot says: words of which at least one stands in every match, how long a match can be (None: no bound).

    `needs` are the word sets of all its parts that must be there, the shortest first.
    """

    triggers: tuple[str, ...]
    longest: int | None = None
    needs: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A slot understood, and how to come by its regex."""

    say: str
    lexicons: Lexicons
    understood: Understood

    @property
    def triggers(self) -> tuple[str, ...]:
        """Words of which at least one stands in every match."""
        return self.understood.triggers

    @property
    def longest(self) -> int | None:
        """How long a match can be; None: no bound."""
        return self.understood.longest

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """The word sets of all parts that must be there, the shortest first."""
        return self.understood.needs

    def source(self) -> str:
        """Return the regex; put together when it is needed, which in most runs is for one slot in five."""
        parts = _memo.once(_parts, self.say, self.lexicons)
        pieces = (part.piece.source() for part in parts)
        return _join([f"(?:{piece})?" if part.optional else piece for part, piece in zip(parts, pieces, strict=True)])


class _Memo:
    """What was worked out for the lexicons seen last: packs are checked once and compiled once with the same ones."""

    def __init__(self) -> None:
        self._of: Lexicons | None = None
        self._known: dict[tuple[Callable[[str, Lexicons], Any], str], Any] = {}

    def once(self, make: Callable[[str, Lexicons], T], text: str, lexicons: Lexicons) -> T:
        """Return what `make` makes of a text, made once."""
        if lexicons is not self._of:
            self._of, self._known = lexicons, {}
        key = (make, text)
        if key not in self._known:
            self._known[key] = make(text, lexicons)
        made: T = self._known[key]
        return made

    def made(self, make: Callable[[str, Lexicons], T], lexicons: Lexicons) -> dict[str, T]:
        """Return all that `make` has made with these lexicons."""
        return {text: known for (by, text), known in self._known.items() if by is make} if lexicons is self._of else {}

    def begin(self, make: Callable[[str, Lexicons], T], known: Mapping[str, T], lexicons: Lexicons) -> None:
        """Begin anew with these lexicons, knowing what `make` makes of some texts."""
        self._of, self._known = lexicons, {(make, text): made for text, made in known.items()}


_memo = _Memo()


def understood(lexicons: Lexicons) -> dict[str, Understood]:
    """Return what is known of the slots that were compiled with these lexicons, if they were the last ones."""
    return _memo.made(_understand, lexicons)


def recall(lexicons: Lexicons, slots: Mapping[str, Understood]) -> None:
    """Know what slots say with these lexicons, as `understood` told it once."""
    _memo.begin(_understand, slots, lexicons)


def compile_slot(say: str, lexicons: Lexicons) -> Compiled:
    """Translate one slot; raises SlotError with a Chinese message."""
    return Compiled(say, lexicons, _memo.once(_understand, say, lexicons))


def prove(say: str, lexicons: Lexicons) -> None:
    """Put the regex of a slot together now; raises SlotError where its parts do not go together."""
    try:
        re.compile(compile_slot(say, lexicons).source())
    except SlotError:
        raise
    except _NO_REGEX as error:
        raise SlotError(f"句式“{say[:60]}”的各部分连起来不成正则：{error}") from error


def _parts(say: str, lexicons: Lexicons) -> tuple[_Part, ...]:
    if prod(_ways(text) for text in say.split()) > _MOST_WAYS:
        raise SlotError(f"句式“{say[:60]}”的间隔和可有可无的部分太多，查找没有尽头；请拆成几个短的")
    parts = []
    for text in say.split():
        bare, optional, chosen = suffixes(text)
        part = _Part(_piece(bare, lexicons), optional, chosen, "#" in bare)
        if chosen and (optional or not part.piece.words):
            raise SlotError(f"“{text}”不能作查找的起点，* 要写在必有的、有固定词的部分后面（/正则/、间隔、数字、^ $、不得出现的都不行）")
        parts.append(part)
    if sum(part.piece.groups for part in parts) > 1:  # numbers and names of groups count through the whole regex
        raise SlotError(f"句式“{say[:60]}”里不止一处 /正则/ 带组，连起来编号会错开；请把 ( 写成 (?:")
    return tuple(parts)


def _understand(say: str, lexicons: Lexicons) -> Understood:
    parts = _memo.once(_parts, say, lexicons)
    triggers = _rarest_start(parts)
    if triggers is None:
        raise SlotError(f"句式“{say}”里没有任何固定的词，无法触发")
    lengths = [part.piece.longest for part in parts]
    longest = None if None in lengths else sum(length or 0 for length in lengths) + len(parts)  # a blank between any two
    needs = sorted((part.piece.words for part in parts if part.piece.words and not part.optional), key=len)
    return Understood(triggers[1], longest, tuple(needs))


def _rarest_start(parts: tuple[_Part, ...]) -> tuple[bool, tuple[str, ...]] | None:
    """Return the word set to start at: a chosen one before others, the rarest of these; most need not be summed up whole."""
    best: tuple[bool, tuple[str, ...]] | None = None
    least = inf
    for start in _starts(parts):
        if best is not None and best[0] and not start[0]:
            continue
        first_chosen = start[0] and (best is None or not best[0])
        common = cost(start[1], inf if first_chosen else least)
        if best is None or first_chosen or common < least:
            best, least = start, common
    return best


def _ways(text: str) -> int:
    """Return in how many ways a part can lie: a gap at each of its lengths, an optional part or not at all."""
    bare, optional, _ = suffixes(text)
    return (1 + _gap(bare)) * (2 if optional else 1)


def _starts(parts: tuple[_Part, ...]) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """Yield the word sets at which a search can start: each part that must be there, and neighbours joined."""
    for at, part in enumerate(parts):
        joined = part.piece.words
        if not joined or part.optional:
            continue
        yield part.chosen, joined
        for following in parts[at + 1 : at + 3]:
            added = following.piece.words
            if part.numbered or following.numbered or not added or len(joined) * len(added) > _MOST_JOINED:
                break
            with_it = tuple(a + b for a in joined for b in added)
            if not following.optional:
                yield part.chosen, with_it
                break
            joined = (*joined, *with_it)


def _join(pieces: list[str]) -> str:
    """Put the pieces together; between two of them one blank may stand."""
    out = ""
    for i, piece in enumerate(pieces):
        glue = " ?" if i and not piece.startswith(("(?!", "(?<!")) and not pieces[i - 1].startswith("(?<!") else ""
        if piece.startswith("(?:") and piece.endswith(")?") and glue:
            out += f"(?:{glue}{piece[:-1]})?"
        else:
            out += glue + piece
    return out


def suffixes(part: str) -> tuple[str, bool, bool]:
    """Split off `?` (may be absent) and `*` (starts the search)."""
    bare = part.rstrip("?*") or part[0]
    if part.startswith("/") and not bare.endswith("/"):
        return part, False, False
    return bare, "?" in part[len(bare) :], "*" in part[len(bare) :]


def _piece(part: str, lexicons: Lexicons) -> _Piece:
    """Return what one part says; most stand in many slots."""
    return _memo.once(_new_piece, part, lexicons)


def _new_piece(part: str, lexicons: Lexicons) -> _Piece:
    if part == "^":
        return _Piece(lambda: rf"(?<![^{_STOP}{_COMMA}\s“”\"'（）()【】|])")
    if part == "$":
        return _Piece(lambda: _END)
    if part == "#":
        return _Piece(lambda: f"(?:{NUMBER})", longest=_LONGEST_NUMBER)
    if gap := _gap(part):
        forbidden = _STOP + (_COMMA if part[0] == "~" else "")
        return _Piece(lambda: f"[^{forbidden}]{{0,{gap}}}?", longest=gap)
    if part.startswith("/") and part.endswith("/") and len(part) > 2:
        return _raw(part)
    denial = next((mark for mark in ("<!", "!") if part.startswith(mark)), "")
    words = _words(part[len(denial) :], lexicons)
    if "^" in words or ("$" in words and denial):
        raise SlotError(f"“{part}”里的 ^ 要单独写；$ 可以单独写，也可以写成 的|$，但不能写在不得出现的词里")
    if denial == "<!" and any("#" in word for word in words):
        raise SlotError(f"“{part}”里有 #：前面不得出现的只能是字数固定的词，数字长短不一；请写成具体的字")
    if denial == "<!":
        return _Piece(lambda: _behind(words))
    if denial:
        return _Piece(lambda: f"(?! ?(?:{alternation(words)}))")
    longest = max(len(word) + word.count("#") * _LONGEST_NUMBER for word in words)
    if "$" in words:
        others = tuple(word for word in words if word != "$")
        return _Piece(lambda: f"(?:{alternation(others)}|{_END})", longest=longest)  # the end of a clause starts no search
    return _Piece(lambda: f"(?:{alternation(words)})", _without_numbers(words), longest)


def _raw(part: str) -> _Piece:
    """Return a raw piece; refuse one that is no regex by itself or among others, or in which a group repeats."""
    bare = part[1:-1]
    source = f"(?:{bare})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what may mean something else one day: [[ && --
            groups = re.compile(bare).groups
        longest = None if _ENDLESS.search(part) else len(part) * prod(map(int, _REPEAT.findall(part)))
    except _NO_REGEX as error:
        raise SlotError(f"句式里的正则“{part[:60]}”写错了：{error}") from error
    try:
        re.compile(source)  # flags may only stand at the very start, where a piece never is
    except _NO_REGEX as error:
        raise SlotError(f"句式里的正则“{part[:60]}”不能带 (?i) 这样的开关（文字已统一为半角小写）") from error
    if _REPEATED_GROUP.search(part):  # that can take for ever
        raise SlotError(f"句式里的正则“{part[:60]}”重复了一组（…），查找可能没有尽头；请改写，或用 regex")
    return _Piece(lambda: source, longest=longest, groups=groups > 0)


def _gap(part: str) -> int:
    """Return the length of a gap, 0 for what is none; digits may be full-width, as some keyboards write them."""
    if part[0] not in "~≈":
        return 0
    number = part[1:]
    if not number.isdecimal() or len(number) > len(str(_MAX_GAP)) or not 0 < int(number) <= _MAX_GAP:
        raise SlotError(f"间隔“{part[:20]}”应写成 ~ 或 ≈ 加 1 到 {_MAX_GAP} 的数字")
    return int(number)


def _behind(words: tuple[str, ...]) -> str:
    """Return lookbehinds for these words, one for each length."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(re.escape(word))
    return "".join(f"(?<!{'|'.join(group)})" for group in by_length.values())


def _words(part: str, lexicons: Lexicons) -> tuple[str, ...]:
    """Return the words of `a|@lexicon|b`, in the form that they are matched in."""
    return _memo.once(_new_words, part, lexicons)


def _new_words(part: str, lexicons: Lexicons) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for piece in part.split("|") for word in _expanded(piece, lexicons)))


def _expanded(piece: str, lexicons: Lexicons) -> tuple[str, ...]:
    """Return what `expand` yields, remembered for whole lexicons."""
    return _memo.once(_all_of, piece, lexicons) if piece.startswith("@") else (_word(piece),)


def _all_of(piece: str, lexicons: Lexicons) -> tuple[str, ...]:
    return tuple(expand(piece, lexicons))


def expand(piece: str, lexicons: Lexicons) -> Iterator[str]:
    """Yield a word, or the words of `@lexicon` (which may name others), normalised."""
    for number, word in enumerate(_spelled(piece, lexicons, ())):
        if number >= _MOST_WORDS:
            raise SlotError(f"词表“{piece[1:]}”展开后超过 {_MOST_WORDS} 个词")
        yield word


def _spelled(piece: str, lexicons: Lexicons, within: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of a piece; `within` are the lexicons that led to it."""
    if not piece.startswith("@"):
        yield _word(piece)
        return
    if piece[1:] not in lexicons:
        raise SlotError(f"没有名为“{piece[1:]}”的词表")
    if piece in within:
        raise SlotError(f"词表“{piece[1:]}”引用了自己：{' → '.join([*within, piece])}")
    if len(within) >= _DEEPEST:
        raise SlotError(f"词表一个套一个超过 {_DEEPEST} 层：{within[0]} → … → {piece}")
    if not lexicons[piece[1:]]:
        raise SlotError(f"词表“{piece[1:]}”是空的，什么也找不到")
    for word in lexicons[piece[1:]]:
        yield from _spelled(word, lexicons, (*within, piece))


def _word(piece: str) -> str:
    """Return a word as it is matched; SlotError for none, or one without end."""
    word = _plain(piece)
    if not word:
        raise SlotError("词条不能为空")
    if len(word) > _LONGEST_WORD:
        raise SlotError(f"词条“{word[:20]}…”有 {len(word)} 个字，最多 {_LONGEST_WORD} 个")
    return word


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    """Return a word in the form that it is matched in; ␣ stands for a blank."""
    return plain(word.replace("␣", " "))


def alternation(words: tuple[str, ...]) -> str:
    """Return the words as regex alternatives, longest first, so that the longest wins; `#` in a word is a number."""
    pieces: list[str] = []
    for special, run in groupby(sorted(words, key=lambda word: (-len(word), word)), key=lambda word: "#" in word):
        if special:
            pieces.extend(re.escape(word).replace(r"\#", f"(?:{NUMBER})") for word in run)
        else:
            pieces.append(any_of(run))
    return "|".join(pieces)


def _without_numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what of the words can start a search; nothing if one is a bare number or only punctuation."""
    bare = tuple(dict.fromkeys(_rarest(word.split("#")) if "#" in word else word for word in words))
    return bare if all(any(map(str.isalnum, word)) for word in bare) else ()


def _rarest(halves: list[str]) -> str:
    return min((half for half in halves if half), key=lambda half: cost((half,)), default="")


def spell_out(say: str, lexicons: Lexicons, limit: int = 5000) -> tuple[str, ...]:
    """Return every text that a slot without gaps can stand for; raises SlotError where they are too many."""
    texts = [""]
    for part in say.split():
        bare, optional, _ = suffixes(part)
        if bare[0] in _NO_WORDS or bare.startswith("<!"):
            raise SlotError(f"“{part}”不是词；这里只能写词、词表和可有可无的词")
        words = _words(bare, lexicons)
        texts = [text + word for text in texts for word in ((*words, "") if optional else words)]
        if len(texts) > limit:
            raise SlotError(f"句式“{say}”展开后超过 {limit} 条")
    return tuple(dict.fromkeys(texts))
