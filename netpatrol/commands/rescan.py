"""`netpatrol rescan`: today's packs over the archive, each page by the law of its own day."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from netpatrol.commands.tables import filter_option
from netpatrol.errors import EvidenceError, NetPatrolError

if TYPE_CHECKING:
    from pathlib import Path

    from netpatrol.core import Desk
    from netpatrol.store.records import PageRecord

app = typer.Typer(add_completion=False)
ELSEWHERE = "在别处的存档"


@app.command(epilog="例：netpatrol rescan ｜ netpatrol rescan --pack 新规则目录 --since 2026-11-01")
def rescan(
    pack: Annotated[str, filter_option("另加的规则包目录（覆盖内置的同名规则包）")] = "",
    since: Annotated[str, filter_option("只判这一天以后见过的网页", metavar="YYYY-MM-DD")] = "",
) -> None:
    """用今天的规则包重新判读存档网页；每个网页按它被看见那天的法律。线索随之更新，人的研判不动。"""
    from netpatrol import settings
    from netpatrol.detect.live import demoted_rules
    from netpatrol.fold import fold_shop
    from netpatrol.patrol import open_desk
    from netpatrol.store.decided import decided_findings
    from netpatrol.store.mongo import connect
    from netpatrol.store.pages import pages_of, save_pages
    from netpatrol.store.places import evidence_folder, home
    from netpatrol.store.shops import shops

    day = _day(since)
    extra = " ".join(part for part in (settings.NETPATROL_PACKS, pack) if part)
    desk, packs = open_desk(home(), packs=extra, region=settings.region())
    totals: Counter[str] = Counter()
    with connect() as store:
        desk.engine.demote(demoted_rules(decided_findings(store)))
        for held in shops(store):
            wanted = (record for record in pages_of(store, held.shop.shop_id) if _wanted(record, day))
            records = (_again(record, desk, packs.lock, evidence_folder(home()), totals) for record in wanted)
            judged = [record for record in records if record is not None]
            if judged:
                save_pages(store, judged)
                counts = fold_shop(store, desk, held.shop, datetime.now(UTC)).leads
                totals.update({"新增线索": counts.new, "变化线索": counts.changed, "关闭线索": counts.closed, "重开线索": counts.back})
    elsewhere = totals.pop(ELSEWHERE, 0)
    typer.echo("，".join(f"{name} {number}" for name, number in totals.items()) or "存档里没有要判的网页")
    if elsewhere:
        sys.stderr.write(f"{elsewhere} 个网页的固证在别的存档，没有重判，请到各存档所在机器上运行 rescan（in other archives）\n")
    if totals["读不出的存档"]:
        raise typer.Exit(1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NetPatrolError(f"--since 应为 YYYY-MM-DD，现为 {text!r}") from error


def _wanted(record: PageRecord, since: date | None) -> bool:
    from netpatrol.times import local_date

    if record.gone or record.status >= 400:  # an answer that a page is gone, taken back with its host down: nothing to judge
        return False
    return record.evidence is not None and (since is None or local_date(record.last_seen or record.seen_at) >= since)


def _again(record: PageRecord, desk: Desk, lock: str, folder: Path, totals: Counter[str]) -> PageRecord | None:
    """Return the record of a page judged anew from its capture; None, and counted, where that cannot be read."""
    from dataclasses import replace

    from netpatrol.core import detect, read
    from netpatrol.evidence.archive import ElsewhereError
    from netpatrol.evidence.reading import read_capture
    from netpatrol.items import Dossier
    from netpatrol.leads.build import lead_finding
    from netpatrol.store.likeness import look_of
    from netpatrol.text.promo import offer_lines
    from netpatrol.times import local_date

    assert record.evidence is not None
    try:
        page = read_capture(folder, record.evidence)
    except ElsewhereError:
        totals[ELSEWHERE] += 1
        return None
    except EvidenceError as error:
        sys.stderr.write(f"{record.url}：{error}\n")
        totals["读不出的存档"] += 1
        return None
    dossier = detect(read(Dossier(page=page)), desk.engine, on=local_date(record.seen_at))
    totals["重判网页"] += 1
    findings = dossier.judgement.findings if dossier.judgement else ()
    seen = record.seen_at
    text = dossier.text
    return replace(
        record,
        findings=tuple(
            lead_finding(f, url=record.url, evidence_id=record.evidence.evidence_id, seen=seen, pack_lock=lock) for f in findings
        ),
        text=text.raw if text else "",
        facts=dossier.facts.facts if dossier.facts else (),
        pack_lock=lock,
        # The look of the capture itself: what is stored of a page in whose place something else stands is that of before.
        title=text.title[:500] if text else record.title,
        extra=look_of(text, offer_lines(text)) if text else record.extra,
    )
