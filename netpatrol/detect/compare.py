"""What a change of packs does: findings gained, lost and changed over a corpus, with examples."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.errors import NetPatrolError
from netpatrol.items import Finding, PartKind


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a corpus."""

    text: str
    kind: PartKind = PartKind.PAGE
    goods: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One finding that differs: `kind` is gained, lost or changed."""

    kind: str
    text: str
    before: Finding | None
    after: Finding | None


def read_corpus(path: Path) -> Iterator[Line]:
    """Yield the texts of a .jsonl (text, page_kind, product_category) or a text file, one a line; .gz is unpacked."""
    if not path.exists():
        raise NetPatrolError(f"语料文件不存在：{path}")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("{"):
                row = json.loads(line)
                yield Line(row.get("text") or "", PartKind.of(row.get("page_kind")), row.get("product_category") or "")
            elif line:
                yield Line(line)


def compare(before: Engine, after: Engine, corpus: Iterable[Line], on: date) -> Iterator[Change]:
    """Yield every finding that one engine gives and the other does not, or gives with another verdict or clause."""
    for line in corpus:
        old = _by_place(judge_snippet(before, line.text, on=on, kind=line.kind, goods=line.goods))
        new = _by_place(judge_snippet(after, line.text, on=on, kind=line.kind, goods=line.goods))
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key), new.get(key)
            if was is None:
                yield Change("gained", line.text, None, now)
            elif now is None:
                yield Change("lost", line.text, was, None)
            elif (was.verdict, was.exemption) != (now.verdict, now.exemption):
                yield Change("changed", line.text, was, now)


def _by_place(findings: Iterable[Finding]) -> dict[tuple[int, int, str], Finding]:
    return {(finding.start, finding.end, finding.rule_id): finding for finding in findings}
