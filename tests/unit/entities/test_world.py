"""Shops of the simulated web as their operators plan them: footers, contact pages, lists; without a crawl."""

from __future__ import annotations

import csv
import importlib
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from netpatrol.core import Desk, match_page, read_snippet
from netpatrol.entities.determine import match_shop
from netpatrol.entities.features import Clue, PageSeen, gather
from netpatrol.entities.importer import read_register
from netpatrol.entities.register import Register
from netpatrol.items import Dossier, Match, PageFacts, PageItem

WORLD = Path(__file__).parents[2] / "world"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> Iterator[SimpleNamespace]:
    """The modules of the simulated web, imported and forgotten again."""
    before = set(sys.modules)
    sys.path.insert(0, str(WORLD))
    try:
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in ("plan", "bank", "build")})
    finally:
        sys.path.remove(str(WORLD))
        for name in set(sys.modules) - before:
            if str(WORLD) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]


def footer(shop: Any) -> str:
    lines = [f"版权所有 © 2024 {shop.displayed_name}"] * bool(shop.displayed_name)
    lines += [f"营业执照 统一社会信用代码：{shop.displayed_uscc}"] * bool(shop.displayed_uscc)
    lines += [f"{shop.displayed_icp}-1"] * bool(shop.displayed_icp)
    return "\n".join([*lines, f"客服电话：{shop.displayed_phone}" if shop.displayed_phone else "欢迎光临"])


def page(url: str, text: str, desk: Desk) -> PageSeen:
    dossier = read_snippet(Dossier(page=PageItem(url=url, final_url=url, fetched_at=NOW)), text)
    facts = match_page(dossier, desk).facts or PageFacts()
    return PageSeen(url=url, facts=facts, home=url.endswith("/"))


def clues_of(world: SimpleNamespace, plan: Any) -> tuple[dict[str, list[Clue]], dict[str, Clue]]:
    couriers: dict[str, list[Clue]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(world.build.courier_senders(plan))):
        phone = row["联系电话"].replace("-", "")
        couriers[row["寄件店铺名"]].append(Clue(person=row["寄件人"], phone=phone, address=row["寄件地址"]))
    telecom = {}
    for row in csv.DictReader(io.StringIO(world.build.telecom_domains(plan))):
        domain = row["域名"].strip().lower().removeprefix("http://").strip("/.").removeprefix("www.")
        telecom[domain] = Clue(name=row["主办单位"], icp=row["ICP备案号"])
    return couriers, telecom


def matched(world: SimpleNamespace, seed: int, tmp_path: Path) -> Iterator[tuple[Any, Match]]:
    """Yield every shop of a world that can be matched at all, with its match."""
    bank = world.bank.Bank.load(WORLD / "banks" / "dev.json")
    plan = world.plan.Plan(bank, seed, 40, 1200)
    export = tmp_path / "registry.csv"
    export.write_text(plan.export.csv(), "utf-8-sig", newline="")
    desk = Desk(engine=None, register=Register.of(read_register([export]).entities), region=("4205",))  # type: ignore[arg-type]
    couriers, telecom = clues_of(world, plan)
    for shop in (*plan.sites, *plan.storefronts):
        if shop.standing == "registered" and not shop.evidence and shop.determination(1) == "match":
            continue
        own = shop.kind == "site"
        pages = [page(f"http://{shop.host}/{name}", footer(shop), desk) for name in ("", "a", "b")]
        if shop.footer in ("full", "phone_only"):
            pages.append(page(f"http://{shop.host}/contact", f"地址：{shop.entity.address}\n{footer(shop)}", desk))
        clues = list(couriers.get(shop.name, ()))
        if own and (line := telecom.get(shop.host.removeprefix("www."))):
            clues.append(line)
        yield shop, match_shop(gather(pages, readable=True, own_host=own, clues=clues), desk.register, region=("4205",))


@pytest.mark.parametrize("seed", [21, 22])
def test_operators_are_found_and_determined(seed: int, world: SimpleNamespace, tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    for shop, match in matched(world, seed, tmp_path):
        registered = shop.entity.keys if shop.standing == "registered" else []
        counts["shops"] += 1
        counts["determined"] += str(match.determination) == shop.determination(1)
        counts["with operator"] += bool(registered)
        if match.entity is not None:
            right = match.entity.entity_id in registered or match.entity.entity_id == shop.displayed_uscc
            counts["right" if right else "wrong"] += 1
    assert counts["shops"] > 80
    assert counts["determined"] / counts["shops"] >= 0.97
    assert counts["wrong"] <= 1
    assert counts["right"] / counts["with operator"] >= 0.98
