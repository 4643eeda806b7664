"""Whole pages of a web whose wordings, goods and names other authors wrote: what is found, and what is flagged for nothing.

Floors lie a little under what was measured. On first sight of the second and third bank precision was 0.36 and 0.24
(one harmless sentence on every page) and recall 0.68, of the fourth 0.78 and 0.70, of the fifth 0.46 (names of goods) and
0.86, of the sixth 0.36 (one sentence on every page again) and 0.78, of the seventh 0.76 and 0.82 (of its lines 48 of 272
violations missed, 16 of 742 lawful ones flagged), of the lines of the eighth 69 of 300 missed and 13 of 697 flagged; what was flagged wrongly or missed was mended by kind.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from netpatrol import core
from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.items import Dossier, Finding, PageItem, Verdict

WORLD = Path(__file__).parents[1] / "world"
sys.path.insert(0, str(WORLD))
MARK = re.compile(r"(?: [@#][\w,]+)+$|[\[\]]")
"""What a bank says of a line: its kinds of goods, and the words that bait."""
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def built(folder: Path, bank: str) -> tuple[dict[str, Any], Iterator[tuple[str, bytes, str]]]:
    """Build a small world; return its truth and its pages of the first day (address, body, content type)."""
    command = [sys.executable, str(WORLD / "world.py"), "build", "--seed", "5", "--sites", "12", "--out", str(folder)]
    subprocess.run([*command, "--bank", str(WORLD / "banks" / f"{bank}.json")], check=True, capture_output=True)
    return json.loads((folder / "truth.json").read_text("utf-8")), pages(folder)


def pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Yield every page that can lawfully be reached, those of scripts as the browser would show them."""
    import build
    import schemes
    import web

    served = web.Web(build.load(str(folder)), faults=True)
    for shop in [*served.plan.sites, *served.plan.storefronts, *served.plan.distractors]:
        for part in shop.pages if shop.states[1] == "live" else ():
            if part.reach == "robots_disallowed" or part.kind == "hidden":
                continue
            address = f"http://{shop.host_on(1)}{part.path}"
            if schemes.api_path(shop.template, part.path):
                yield address, drawn(json.loads(served.view(shop, part).json())).encode(), "text/html; charset=utf-8"
            else:
                part.flaw = None if part.flaw in ("flaky_503", "reset", "slow") else part.flaw
                given = served._give(shop, part, "html")
                yield address, given.body, given.content_type


def drawn(said: dict[str, Any]) -> str:
    """Return what the script of a page makes of its data."""
    items = "".join(f'<li><a href="{item["url"]}">{html.escape(item["title"])}</a></li>' for item in said["items"])
    reviews = "".join(f"<p>{review}</p>" for review in said["reviews"])
    return (
        f"<html><head><title>{html.escape(said['title'])}</title></head><body><h1>{html.escape(said['heading'])}</h1>"
        f"<b>￥{said['price']}</b><div>{said['detail_html']}</div><ul>{items}</ul><section>{reviews}</section>"
        f"<footer>{said['footer_html']}</footer></body></html>"
    )


def told(engine: Engine, address: str, body: bytes, content_type: str) -> list[str]:
    """Return the planted family of each violation that is found on a page."""
    from score import ALIASES, FAMILIES

    page = PageItem(url=address, final_url=address, fetched_at=NOW, body=body, headers={"Content-Type": content_type})
    judged = core.detect(core.read(Dossier(page=page)), engine, on=NOW.date()).judgement
    findings: tuple[Finding, ...] = judged.findings if judged else ()
    found = (ALIASES.get(finding.family, finding.family) for finding in findings if finding.verdict == "violation")
    return [family for family in found if family in FAMILIES]


@pytest.mark.parametrize(("bank", "precision", "recall"), [("dev", 0.97, 0.99), ("second", 0.95, 0.88), ("third", 0.95, 0.85), ("fourth", 0.95, 0.9), ("fifth", 0.95, 0.82), ("sixth", 0.93, 0.87), ("seventh", 0.95, 0.95), ("eighth", 0.95, 0.85)])
def test_pages_of_other_authors(engine: Engine, tmp_path: Path, bank: str, precision: float, recall: float) -> None:
    truth, served = built(tmp_path / "world", bank)
    plants: dict[str, list[set[str]]] = {}
    for plant in truth["plants"]:
        if 1 in plant["days"] and plant["where"] != "image" and plant["verdict"] == "violation":
            plants.setdefault(plant["url"], []).append({plant["family"], *plant["also"]})
    right = wrong = found = missed = 0
    for address, body, content_type in served:
        said = told(engine, address, body, content_type)
        planted = plants.get(address, [])
        right += sum(any(family in each for each in planted) for family in said)
        wrong += sum(not any(family in each for each in planted) for family in said)
        found += sum(bool(each & set(said)) for each in planted)
        missed += sum(not each & set(said) for each in planted)
    assert right / (right + wrong) >= precision
    assert found / (found + missed) >= recall


@pytest.mark.parametrize("bank", ["dev", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"])
def test_lawful_lines_of_an_author_are_left_alone(engine: Engine, bank: str) -> None:
    """Each line by itself, whatever the page around it says."""
    said = json.loads((WORLD / "banks" / f"{bank}.json").read_text("utf-8"))
    lines = [line for reasons in said["hard_negatives"].values() for given in reasons.values() for line in given]
    assert len(lines) > 150
    flagged = []
    for line in (*lines, *said["opinions"], *said["slogans"], *said["neutral"]):
        text = MARK.sub("", line)
        found = judge_snippet(engine, text, on=NOW.date())
        flagged += [(text, finding.rule_id) for finding in found if finding.verdict is Verdict.VIOLATION]
    assert flagged == []
