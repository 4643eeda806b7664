"""Spellings of slots that are understood, but not as they look: marks in places where they stand for themselves."""

from __future__ import annotations

import re

from netpatrol.detect.types.slot import SlotError, suffixes

_MARK = re.compile(r"[~≈@^$?*!]")
_FULL_WIDTH = re.compile(r"[～＠＃！＾＄＜？＊｜／]")


def check_spelling(say: str) -> None:
    """Refuse a slot that means something else than it seems to; raises SlotError with a Chinese message."""
    for part in say.split():
        bare, optional, _ = suffixes(part)
        if bare.startswith("/") or bare.endswith("/"):
            _check_raw(part, bare)
        elif len(bare) > 1 and (wide := _FULL_WIDTH.search(part)):
            raise SlotError(f"“{part}”里的“{wide[0]}”是全角的，只当作普通的字：符号请用半角；要找它本身，请单独写成一段")
        elif optional and (bare in ("^", "$") or bare.startswith(("!", "<!"))):
            raise SlotError(f"“{part}”等于没写：^ $ 和不得出现的部分后面不能加 ?")
        elif bare[0] not in "~≈":
            _check_words(bare)


def _check_raw(part: str, bare: str) -> None:
    """Refuse what is half a raw piece (a blank has torn it, or words stand beside it), and two of them as one."""
    if len(bare) < 3 or not (bare.startswith("/") and bare.endswith("/")):
        raise SlotError(f"“{part}”：/正则/ 要自成一段，前后都有 /，里面不能有空格（写成 \\s）；要找斜杠本身，请写 /[/]/")
    if "/|/" in bare:
        raise SlotError(f"“{part}”请写成一个正则：/甲|乙/")


def _check_words(bare: str) -> None:
    """Refuse words with marks in them: each is a word to be found as it stands."""
    for word in bare.removeprefix("<").removeprefix("!").split("|"):
        mark = _MARK.search(word, word.startswith("@"))
        if len(word) > 1 and (mark or (word.startswith("/") and word.endswith("/"))):
            shown = mark[0] if mark else "/"
            raise SlotError(f"“{word}”里的 {shown} 只当作这个字本身：各段请用空格隔开，? * 写在一段的末尾；要找它本身，请写进词表")
