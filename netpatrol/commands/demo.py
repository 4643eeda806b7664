"""`netpatrol demo`: the whole patrol on bundled shops: embedded MongoDB, register, crawl, leads on screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from netpatrol.errors import NetPatrolError

if TYPE_CHECKING:
    from netpatrol.items import Lead
    from netpatrol.store.database import Store

app = typer.Typer(add_completion=False)
ROOT = Path(__file__).parent.parent.parent
SITES = ROOT / "fixtures" / "sites" / "demo"
SHOWN = 3
HOME = "demo"
REGISTER = ROOT / "fixtures" / "register" / "demo.csv"


@app.command(epilog="例：netpatrol demo")
def demo() -> None:
    """演示：本机起演示商城，导入演示主体库，巡查一遍，列出线索。重复运行不会产生新线索。"""
    from netpatrol.demo_web import serve
    from netpatrol.store.mongo import connect
    from netpatrol.store.places import home, private_folder

    if not SITES.is_dir():
        raise NetPatrolError("演示商城只随源码提供：请在项目目录里运行 ./run")
    say = typer.echo
    demo_home = home() if home().name == HOME else home() / HOME  # who looks at its data has it as the home
    private_folder(demo_home)
    say("① 启动数据库（内置 MongoDB，只听本机）…")
    connect(demo_home, "").close()
    with serve(SITES) as proxy:
        environment = _environment(demo_home, proxy)
        say("② 导入演示主体库…")
        _run([sys.executable, "-m", "netpatrol.cli", "register", "import", str(REGISTER)], environment)
        say("③ 巡查演示商城（经本机代理，域名与真实网站一样）…")
        _run(_crawl(), environment)
    say("④ 案件线索（涉嫌，待人工核实）")
    with connect(demo_home, "") as store:
        _print_leads(store)
    say(f"\n接着看演示数据，先执行：export NETPATROL_HOME={demo_home}")
    say("  ./run leads list            线索列表        ./run evidence verify      校验证据链")
    say("  ./run check 网页.html       核查一个网页    ./run doctor               体检")
    say("正式使用：见 README.zh-CN.md 与 docs/operations.md")


def _crawl() -> list[str]:
    options = {"DOWNLOAD_DELAY": "0.02", "LOG_LEVEL": "WARNING", "AUTOTHROTTLE_ENABLED": "0"}
    settings = [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "sites", "-a", f"seeds={SITES / 'seeds.txt'}", *settings]


def _environment(demo_home: Path, proxy: str) -> dict[str, str]:
    ours = {
        "SCRAPY_SETTINGS_MODULE": "netpatrol.settings",
        "NETPATROL_HOME": str(demo_home),
        "NETPATROL_REGION": "4205",
        "NETPATROL_CONTACT": "netpatrol demo",
        "MONGO_URI": "",
        "http_proxy": proxy,
        "no_proxy": "",
    }
    return {**os.environ, **ours}


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        error = NetPatrolError(f"演示中断：{' '.join(command[2:5])} 以 {done.returncode} 结束")
        error.exit_code = done.returncode
        raise error


def _print_leads(store: Store) -> None:
    from rich.console import Console
    from rich.text import Text

    from netpatrol.commands.tables import safe
    from netpatrol.store.leads import all_standing

    console = Console(soft_wrap=True)
    number = 0
    for lead in all_standing(store):
        number += 1
        why = f"　优先 {lead.priority}（{'，'.join(lead.priority_reasons)}）"
        console.print(Text.assemble("\n", (safe(f"■ {lead.shop.url}"), "bold"), why))
        console.print(Text(safe(f"  主体　{_who(lead)}")))
        for line in _findings(store, lead):
            console.print(Text(safe(line)))
    typer.echo(f"\n共 {number} 条线索。")


def _who(lead: Lead) -> str:
    from netpatrol.commands.lead_view import DETERMINATION

    known = DETERMINATION.get(str(lead.determination), str(lead.determination))
    return f"{lead.subject_name}　判定：{known}（{'；'.join(lead.match.reasons[:1])}）"


def _findings(store: Store, lead: Lead) -> Iterator[str]:
    """Yield the lines of a lead's violations: quote, clause, article, evidence digest."""
    from netpatrol.items import Verdict
    from netpatrol.store.pages import evidence_refs

    for finding in [finding for finding in lead.findings if finding.verdict is Verdict.VIOLATION][:SHOWN]:
        law = "；".join(f"{citation.law}{citation.article}" for citation in finding.basis[:1])
        yield f"  疑点　“{finding.quote}”　{finding.message}"
        yield f"        原句：{finding.clause.strip()[:60]}"
        yield f"        依据：{law}"
        for ref in evidence_refs(store, finding.evidence[-1:]):
            yield f"        证据：sha256 {ref.body_sha256}"
