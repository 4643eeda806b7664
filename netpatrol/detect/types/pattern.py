"""Type `regex`: a free regular expression, run by RE2, so that no pattern of an analyst can hang a patrol."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netpatrol.detect.model import MatchSpec
from netpatrol.detect.types.matcher import Matcher
from netpatrol.detect.types.slot import Lexicons, SlotError, alternation, expand


def compile_pattern(spec: MatchSpec, lexicons: Lexicons) -> Matcher:
    """Compile a regex in which `{{@lexicon}}` stands for its words; `trigger` words start the search."""
    import re2

    triggers = tuple(word for entry in spec.trigger for word in expand(entry, lexicons))
    if not triggers:
        raise SlotError("regex 必须写 trigger（至少一个必然出现的词），否则每一页都要逐字尝试")
    source = re.sub(r"\{\{@(.+?)\}\}", lambda m: alternation(tuple(expand("@" + m[1], lexicons))), spec.regex)
    options = re2.Options()
    options.log_errors = False  # the library would write lines of its own to stderr
    try:
        regex = re2.compile(source, options=options)
    except re2.error as error:
        raise SlotError(f"正则写错了：{_reason(error)}") from error
    if regex.search(""):
        raise SlotError(f"正则“{spec.regex[:60]}”连空文字也算命中，请写出必须有的字")

    def find(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        for match in regex.finditer(text[start:end]):
            if match.end() > match.start():
                yield start + match.start(), start + match.end()

    return Matcher(spec, triggers, find)


def _reason(error: Exception) -> str:
    """Return what RE2 says, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
