"""Company names: forms that print differently and mean the same."""

from __future__ import annotations

import re

from netpatrol.text.normalise import normalise

_NOISE = re.compile(r"[\s　【】\[\]《》<>“”\"'·.,，。:：;；、_\-]+")
_FORMS = (
    "股份有限公司", "有限责任公司", "有限公司", "集团公司", "分公司", "公司",
)  # fmt: skip
_PREFIXES = re.compile(r"^(?:湖北省|湖北)?(?:宜昌市|宜昌)?")
MIN_CORE = 3
"""A core shorter than this never matches on the name alone: after dropping region and form almost anything fits."""


def fold(name: str) -> str:
    """Return a name in one width, script and bracket form, without spaces and marks."""
    text = normalise(name).text
    return _NOISE.sub("", text).replace("（", "(").replace("）", ")")


def canonical(name: str) -> str:
    """Return the key under which the usual variants of a name meet: brackets, region prefix and legal form aside.

    `宜昌市禾坊康养有限责任公司`, `湖北省宜昌禾坊康养有限公司` and `禾坊康养（宜昌）有限公司` share one key; the key is
    "" where too little would be left to tell companies apart.
    """
    text = fold(name)
    for form in _FORMS:
        if text.endswith(form):
            text = text[: -len(form)]
            break
    core = re.sub(r"\((?:湖北|宜昌)?(?:宜昌)?\)", "", _PREFIXES.sub("", text))
    return core if len(core) >= MIN_CORE else ""
