"""Tells code that does nothing but count visitors from code that names a counter beside what else it does."""

from __future__ import annotations

import re

_COUNTERS = re.compile(
    r"hm\.baidu|cnzz|51\.la|51yes|umeng|google-?analytics|googletagmanager|gtag|\bgoogle|bdstatic|zhanzhang|linkagent", re.IGNORECASE
)
_MORE = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|replaceChildren|textContent|innerText|srcdoc|attachShadow|contentDocument|fillText|strokeText|"
    r"document\.title|\.(?:html|text|val|load|append|prepend|ajax|get|post|getJSON|submit|navigate)\s{0,3}\(|\bfetch\s{0,3}\(|XMLHttp|axios|"
    r"EventSource|WebSocket|\beval\b|\batob\b|fromCharCode|\bFunction\b|\\[xu][0-9a-fA-F]|%u[0-9a-fA-F]|[\u4e00-\u9fff]|"
    r"location(?:\.href)?\s{0,3}=(?!=)|location\.(?:assign|replace)|\bopen\s{0,3}\(|\b(?:alert|confirm|prompt)\s{0,3}\("
)
"""What a counter's code has no need of: it says nothing, asks for nothing, and goes nowhere."""
_COMMENT = re.compile(r"/\*[^*]{0,500}\*/")
_LONGEST = 3_000


def only_counts(code: str) -> bool:
    """Whether code is a counter's and nothing else."""
    return len(code) <= _LONGEST and _COUNTERS.search(code) is not None and not _MORE.search(_COMMENT.sub("", code))


def is_counter(host: str) -> bool:
    """Whether a host is that of a counter."""
    return _COUNTERS.search(host) is not None
