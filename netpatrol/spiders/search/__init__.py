"""Search interfaces as a source of shops (工商专搜): region words and keywords go out, addresses come back. See CONTRIBUTING."""

from __future__ import annotations

from netpatrol.errors import NetPatrolError
from netpatrol.spiders.search._base import Hit, SearchSource, queries
from netpatrol.spiders.search.html_results import HtmlResults
from netpatrol.spiders.search.json_results import JsonResults

SOURCES: dict[str, type[HtmlResults] | type[JsonResults]] = {"html": HtmlResults, "json": JsonResults}


def source_of(configured: str) -> SearchSource:
    """Return the search source of a setting `KIND:ADDRESS`; NetPatrolError says what is wrong with it."""
    kind, _, template = configured.partition(":")
    if kind not in SOURCES or not template.startswith(("http://", "https://")) or "{words}" not in template:
        raise NetPatrolError(
            f"NETPATROL_SEARCH 应为“种类:网址”，种类可用 {'、'.join(SOURCES)}，网址里用 {{words}} 表示搜索词、{{page}} 表示页码，"
            f"如 json:https://so.example/api?q={{words}}&page={{page}}，现为 {configured!r}"
        )
    return SOURCES[kind](template)


__all__ = ["SOURCES", "Hit", "SearchSource", "queries", "source_of"]
