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
    try:
        regex = re2.compile(source)
    except re2.error as error:
        raise SlotError(f"正则写错了：{error}") from error

    def find(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        for match in regex.finditer(text[start:end]):
            if match.end() > match.start():
                yield start + match.start(), start + match.end()

    return Matcher(spec, triggers, find)
