"""Owns text that pages carry as data: JSON-LD, JSON in or assigned by scripts, JavaScript literals.

Only strings with Chinese in them count, and codes and telephone numbers under keys that say so. Broken JSON is read
as far as its strings go; nothing recurses, all is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# One pattern for each first character, so that scripts are only looked through for that: six times as fast.
_ESCAPED_HAN = re.compile(r"\\u[3-9a-fA-F][0-9a-fA-F]{3}")
_PERCENT_HAN = re.compile(r"%(?:u[4-9][0-9a-fA-F]{3}|[Ee][4-9]%)")
_ASSIGNED = re.compile(r"""=\s{0,99}["'`{\[]""")
_ARGUMENT = re.compile(r"""\(\s{0,99}["'`{\[]""")
_OPENING_CALL = re.compile(
    r"(?:JSON\.parse|document\.write|document\.writeln|decodeURIComponent|unescape|\bhtml|append|innerHTML)$"
)
_TOKEN = re.compile(r"""["'`{}\[\]]|//[^\n]{0,2000}|/\*""")
_KEY_BEFORE = re.compile(r"""["']?([\w$-]{1,40})["']?\s{0,9}:\s{0,9}$""")
_STRINGS = {
    '"': re.compile(r'"((?:[^"\\\n]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'((?:[^'\\\n]|\\.)*)'", re.DOTALL),
    "`": re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL),
}
_IDENTIFIER = re.compile(r"[0-9A-Z]{15,18}|[+()0-9][0-9 ()\-]{6,17}")
_IDENTIFIER_KEY = re.compile(
    r"uscc|credit|unified|xydm|licen[sc]e|reg_?no|tax_?(?:no|id)|vat_?id|phone|tel|mobile|hotline|contact|icp", re.IGNORECASE
)
# Codes in scripts without Chinese: found by their own form first, which hardly any other string has.
_CODE = re.compile(r"[159][1239][1-8]\d{5}[0-9A-HJ-NP-RTUW-Y]{10}(?![0-9A-Za-z])")
_KEY_OF_CODE = re.compile(r"""([\w$-]{1,40})\\{0,3}["']?\s{0,9}[:=]\s{0,9}\\{0,3}["']$""")
_CODE_KEY = re.compile(r"uscc|credit|unified|xydm|licen[sc]e|(?:^|[-_])code$|tax[_-]?(?:no|id)|vat[_-]?id", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": ""}
_MAX_STRINGS = 3_000
_MAX_CHARS = 600_000
_MAX_NESTED = 3
_MAX_CODES = 200

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class DataText:
    """A string with Chinese in it and the keys that lead to it, like `page.descHtml`."""

    text: str
    path: str


def has_han(text: str) -> bool:
    """Say whether a text holds a Chinese character."""
    return not text.isascii() and _HAN.search(text) is not None


def _hides_han(text: str) -> bool:
    """Say whether a text spells Chinese by escapes or percent signs."""
    return _ESCAPED_HAN.search(text) is not None or _PERCENT_HAN.search(text) is not None


def is_identifier(text: str, path: str) -> bool:
    """Say whether a string without Chinese is a code or telephone number that its key announces."""
    key = path.rpartition(".")[2]
    return 7 <= len(text) <= 18 and _IDENTIFIER.fullmatch(text) is not None and _IDENTIFIER_KEY.search(key) is not None


def is_code_key(name: str) -> bool:
    """Say whether a key or the name of an attribute (data-uscc) announces a firm's code."""
    return _CODE_KEY.search(name) is not None


def texts_of_script(kind: str, script: str) -> Iterator[DataText]:
    """Yield the Chinese strings of a script: all of it where its type says JSON, else what it assigns or parses."""
    if script.isascii() and not _hides_han(script) and "ld+json" not in kind:
        yield from _keyed_codes(script)
        return
    if "json" in kind or kind in ("text/template-data", "text/x-magento-init"):
        try:
            yield from texts_of(json.loads(script.strip().removesuffix(";")))
        except (ValueError, RecursionError):
            yield from _loose(script, 0, len(script))[0]
        return
    if kind and "javascript" not in kind and kind not in ("module", "text/ecmascript", "application/ecmascript"):
        return
    yield from _assigned(script)
    yield from _keyed_codes(script)


def texts_of_broken(text: str) -> Iterator[DataText]:
    """Yield the Chinese strings of a text that should be JSON and is not (a comma too many, too deep, cut off)."""
    at = 0
    for _ in range(_MAX_NESTED):  # each begins where the brackets of the one before closed
        found, at = _loose(text, at, len(text))
        yield from found


def _keyed_codes(script: str) -> Iterator[DataText]:
    """Yield the codes of firms that a script names under a telling key, whatever else it says."""
    for match in islice(_CODE.finditer(script), _MAX_CODES):
        key = _KEY_OF_CODE.search(script, max(0, match.start() - 70), match.start())
        if key is not None and is_identifier(match[0], key[1]):
            yield DataText(match[0], key[1])


def texts_of(value: Any, path: str = "", nested: int = 0) -> Iterator[DataText]:
    """Yield the Chinese strings of a JSON value, in order; a string that is JSON itself is opened."""
    chars = _MAX_CHARS
    said: set[str] = set()
    stack: list[tuple[str, Any]] = [(path, value)]
    while stack and len(said) < _MAX_STRINGS and chars > 0:
        at, item = stack.pop()
        if isinstance(item, str):
            if item in said:
                continue
            if has_han(item) or (nested < _MAX_NESTED and "\\u" in item and item[:1] in '{["'):
                inner = _opened(item) if nested < _MAX_NESTED else None
                if inner is not None:
                    yield from texts_of(inner, at, nested + 1)
                elif has_han(item):
                    said.add(item)
                    chars -= len(item)
                    yield DataText(item[:_MAX_CHARS], at)
            elif is_identifier(item, at):
                said.add(item)
                yield DataText(item, at)
        elif isinstance(item, dict):
            stack.extend(
                (_step(at, key), child) for key, child in reversed(item.items()) if isinstance(child, (str, dict, list))
            )
        elif isinstance(item, list):
            stack.extend((at, child) for child in reversed(item) if isinstance(child, (str, dict, list)))


def _opened(text: str) -> Any:
    """Return the value of a string that is JSON itself, None for any other."""
    start = text.lstrip()[:1]
    if start not in ("{", "[") or len(text) > 2_000_000:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None


def _step(path: str, key: str) -> str:
    """Return the path one key further, at most the last three keys long."""
    key = key[:30]
    if not path:
        return key
    steps = path.rsplit(".", 2)
    return ".".join([*(steps[1:] if len(steps) == 3 else steps), key])


def _assigned(script: str) -> Iterator[DataText]:
    """Yield the Chinese strings of the values that a script assigns, parses or writes."""
    at = found = 0
    last = max(script.rfind("\\u"), script.rfind("%u"), _last_wide(script))
    starts = sorted([*_assignments(script), *_arguments(script)])
    for start in starts:
        if start < at:
            continue
        if start > last:
            return
        values, at = _literal(script, start) if script[start] in "{[" else _string(script, start)
        for text in values:
            found += 1
            yield text
            if found >= _MAX_STRINGS:
                return


def _assignments(script: str) -> Iterator[int]:
    """Yield where the value of an assignment (not of a comparison) begins, if it is a string, an object or a list."""
    for match in _ASSIGNED.finditer(script):
        if script[match.start() - 1 : match.start()] not in ("=", "!", "<", ">"):
            yield match.end() - 1


def _arguments(script: str) -> Iterator[int]:
    """Yield where an object, a list or (for calls that read or write text) a string is given to a function."""
    for match in _ARGUMENT.finditer(script):
        start = match.end() - 1
        if script[start] in "{[" or _OPENING_CALL.search(script, max(0, match.start() - 24), match.start()):
            yield start


def _last_wide(script: str) -> int:
    """Return the offset of the last character beyond ASCII; the end where text is percent-encoded."""
    if "%" in script and _hides_han(script):
        return len(script)
    if script.isascii():
        return -1
    high = len(script)
    while high > 4096 and script[high - 4096 : high].isascii():
        high -= 4096
    return high


def _literal(script: str, start: int) -> tuple[list[DataText], int]:
    """Return the Chinese strings of the object or list that starts here, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(script, start)
    except (ValueError, RecursionError):
        return _loose(script, start, len(script))
    part = script[start:end]
    return (list(texts_of(value)) if not part.isascii() or "\\u" in part else [], end)


def _string(script: str, start: int) -> tuple[list[DataText], int]:
    """Return what the string that starts here says, JSON inside opened, and where it ends."""
    match = _STRINGS[script[start]].match(script, start)
    if match is None:
        return [], start + 1
    if match[1].isascii() and "\\" not in match[1] and "%" not in match[1]:
        return [], match.end()
    text = unescape(match[1])
    inner = _opened(text)
    if inner is not None:
        return list(texts_of(inner, nested=1)), match.end()
    return ([DataText(text, "")] if has_han(text) else []), match.end()


def unescape(text: str) -> str:
    """Return a JavaScript string's value: escapes of all kinds, surrogate pairs joined, percent-encoding too."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
        if any("\ud800" <= char <= "\udfff" for char in text):
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if "%" in text and _hides_han(text):
        from urllib.parse import unquote

        text = unquote(re.sub(r"%u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text), errors="replace")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return "" if match[4] else _SIMPLE.get(match[5], match[5])


def _loose(script: str, start: int, stop: int) -> tuple[list[DataText], int]:
    """Return the Chinese strings of something that is nearly JSON, with the key before each, and where it ends.

    It ends where the brackets that open at `start` close; at `stop` if they never do.
    """
    found: list[DataText] = []
    depth = 0
    at = start
    while len(found) < _MAX_STRINGS:
        match = _TOKEN.search(script, at, stop)
        if match is None:
            return found, stop
        mark = match[0]
        at = match.end()
        if mark in "{[":
            depth += 1
        elif mark in "}]":
            depth -= 1
            if depth <= 0:
                return found, at
        elif mark == "/*":
            close = script.find("*/", at, stop)
            at = close + 2 if close >= 0 else stop
        elif mark in _STRINGS:
            string = _STRINGS[mark].match(script, match.start(), stop)
            if string is not None:
                at = string.end()
                found.extend(_with_key(script, start, string))
    return found, at


def _with_key(script: str, start: int, string: re.Match[str]) -> Iterator[DataText]:
    """Yield the Chinese text of a string of a literal, with the key that stands before it."""
    written = string[1]
    if written.isascii() and "\\" not in written and "%" not in written:
        if 7 <= len(written) <= 18 and _IDENTIFIER.fullmatch(written):
            key = _KEY_BEFORE.search(script, max(start, string.start() - 60), string.start())
            if key and is_identifier(written, key[1]):
                yield DataText(written, key[1])
        return
    text = unescape(written)
    if has_han(text):
        key = _KEY_BEFORE.search(script, max(start, string.start() - 60), string.start())
        inner = _opened(text)
        yield from texts_of(inner, nested=1) if inner is not None else [DataText(text, key[1] if key else "")]


def texts_of_attribute(value: str) -> Iterator[DataText]:
    """Yield the Chinese strings of an attribute that holds JSON or markup."""
    inner = _opened(value)
    yield from texts_of(inner, nested=1) if inner is not None else [DataText(value, "")]
