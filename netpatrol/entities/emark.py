"""电子标识: the state of a licence mark, from its link to what its file says.

    absent -> picture_only -> wrong_host -> unasked -> (deleted | other_domain | other_name | ok)

Asking is not done here: whoever crawls hands in a function that asks politely; answers are remembered for a while.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from netpatrol.entities.names import alike
from netpatrol.entities.rows import bare_domain

OFFICIAL = re.compile(r"(?:^|\.)(?:gov\.cn|samr\.gov\.cn|gsxt\.gov\.cn|hd315\.gov\.cn|ebs\.org\.cn)$")
"""Hosts that keep files of licence marks; a region adds its own (`official`)."""
REMEMBERED = timedelta(days=7)


class MarkState(StrEnum):
    """How far a licence mark holds."""

    ABSENT = "absent"
    PICTURE_ONLY = "picture_only"
    WRONG_HOST = "wrong_host"
    UNASKED = "unasked"
    UNANSWERED = "unanswered"
    DELETED = "deleted"
    OTHER_DOMAIN = "other_domain"
    OTHER_NAME = "other_name"
    OK = "ok"


_SAID = {
    MarkState.ABSENT: "未见电子标识",
    MarkState.PICTURE_ONLY: "电子标识只有图片，没有链接",
    MarkState.WRONG_HOST: "电子标识链接不指向发标机关网站",
    MarkState.UNASKED: "电子标识链接正确，尚未查询备案",
    MarkState.UNANSWERED: "电子标识链接正确，发标机关网站未答复",
    MarkState.DELETED: "电子标识备案已删除或查无此标识",
    MarkState.OTHER_DOMAIN: "电子标识备案的网站不是本站",
    MarkState.OTHER_NAME: "电子标识备案的主体与页面所示不同",
    MarkState.OK: "电子标识有效",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAnswer:
    """What the file of a mark says. `status`: filed, deleted, unknown (not to be told)."""

    status: str = "filed"
    domains: tuple[str, ...] = ()
    name: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFinding:
    """The state of a mark with a Chinese sentence and the values compared."""

    state: MarkState
    why: str
    link: str = ""


Ask = Callable[[str], MarkAnswer | None]


def check_mark(
    links: Iterable[str],
    *,
    host: str,
    names: Iterable[str] = (),
    picture: bool = False,
    official: Iterable[str] = (),
    ask: Ask | None = None,
) -> MarkFinding:
    """Return the state of a shop's licence mark; of several links the one that holds furthest.

    `links` are the addresses behind marks, `host` and `names` the shop's own, `official` further hosts that keep files.
    Without `ask` a right link stays `unasked`.
    """
    order = list(MarkState)
    found = [_check_link(link, host, tuple(names), tuple(official), ask) for link in dict.fromkeys(links)]
    if found:
        return max(found, key=lambda finding: order.index(finding.state))
    return _finding(MarkState.PICTURE_ONLY if picture else MarkState.ABSENT)


def _check_link(
    link: str, host: str, names: tuple[str, ...], official: tuple[str, ...], ask: Ask | None
) -> MarkFinding:
    there = bare_domain(urlsplit(link).hostname or "")
    if not (OFFICIAL.search(there) or there in {bare_domain(one) for one in official}):
        return _finding(MarkState.WRONG_HOST, link, there)
    if ask is None:
        return _finding(MarkState.UNASKED, link)
    answer = ask(link)
    if answer is None or answer.status == "unknown":
        return _finding(MarkState.UNANSWERED, link)
    if answer.status == "deleted":
        return _finding(MarkState.DELETED, link)
    filed = {bare_domain(domain) for domain in answer.domains}
    if filed and not any(_is_own(bare_domain(host), domain) for domain in filed):
        return _finding(MarkState.OTHER_DOMAIN, link, "、".join(sorted(filed)))
    if answer.name and names and not any(alike(name, answer.name) for name in names):
        return _finding(MarkState.OTHER_NAME, link, answer.name)
    return _finding(MarkState.OK, link)


def _is_own(host: str, filed: str) -> bool:
    return host == filed or host.endswith("." + filed) or filed.endswith("." + host)


def _finding(state: MarkState, link: str = "", compared: str = "") -> MarkFinding:
    return MarkFinding(state=state, link=link, why=_SAID[state] + (f"（{compared}）" if compared else ""))


_GONE = re.compile(r"(?:已(?:被)?(?:删除|注销|撤销|停用)|查无|不存在|未找到|没有找到|无此)")
_FIELDS: Mapping[str, re.Pattern[str]] = {
    "domains": re.compile(r"(?:网站域名|域名|网址|网站地址|备案网址|网站(?=\s{0,3}[:：]))\s{0,3}[:：]?\s{0,3}([\w.\-:/、,，; ]{4,200})"),
    "name": re.compile(
        r"(?:主体名称|企业名称|单位名称|经营者名称|字号名称|(?<!网站)名称)\s{0,3}[:：]?\s{0,3}([^\s|，,。;；]{2,60})"
    ),
    "code": re.compile(r"(?:统一社会信用代码|信用代码|注册号)\s{0,3}[:：/注册号]{0,6}\s{0,3}([0-9A-Z]{13,18})"),
}


def read_answer(text: str, status: int = 200) -> MarkAnswer:
    """Return what the page of a mark's file says, from its plain text (at most 20,000 characters are looked at)."""
    text = text[:20_000]
    if status in (404, 410):
        return MarkAnswer(status="deleted")
    if status >= 400 or not text.strip():
        return MarkAnswer(status="unknown")
    values = {name: found[1].strip() for name, pattern in _FIELDS.items() if (found := pattern.search(text))}
    if not values:
        return MarkAnswer(status="deleted" if _GONE.search(text) else "unknown")
    domains = tuple(part for part in re.split(r"[、,，;\s]+", values.get("domains", "")) if "." in part)
    status_text = "deleted" if _GONE.search(text) else "filed"
    return MarkAnswer(status=status_text, domains=domains, name=values.get("name", ""), code=values.get("code", ""))


@dataclass(slots=True)
class Remembering:
    """Asks each link once in a while: `ask` is called only for what was not answered lately."""

    ask: Ask
    now: datetime
    answers: dict[str, tuple[datetime, MarkAnswer]] = field(default_factory=dict)

    def __call__(self, link: str) -> MarkAnswer | None:
        """Return the answer, remembered or asked for; None where nobody answered."""
        held = self.answers.get(link)
        if held is not None and self.now - held[0] < REMEMBERED:
            return held[1]
        answer = self.ask(link)
        if answer is not None:
            self.answers[link] = (self.now, answer)
        return answer
