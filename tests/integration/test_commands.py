"""The commands on a database of their own, as people run them."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from netpatrol.commands import db, evidence, rescan, targets
from netpatrol.commands import leads as lead_commands
from netpatrol.commands import runs as run_commands
from netpatrol.errors import NetPatrolError
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import PageItem, RunRecord, digest
from netpatrol.store import archives, embedded, leads, pages, runs, shops, workers
from netpatrol.store.database import Store
from netpatrol.store.records import ShopRecord
from netpatrol.store.targets import add_found

pytestmark = pytest.mark.mongo
APPS = {
    "db": db.app,
    "evidence": evidence.app,
    "targets": targets.app,
    "leads": lead_commands.app,
    "runs": run_commands.app,
}


@pytest.fixture
def home(mongo_home: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose database is that of this test, filled with one lead and its evidence."""
    server = embedded.status(mongo_home)
    assert server is not None
    monkeypatch.setenv("MONGO_URI", server.uri.replace("/?", f"/{store.db.name}?"))
    monkeypatch.setenv("NETPATROL_HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "tester")
    return tmp_path


@pytest.fixture
def lead_id(home: Path, store: Store, make: SimpleNamespace) -> str:
    page = PageItem(url="http://tea.example/1", final_url="http://tea.example/1", fetched_at=make.now, body=b"tea")
    with EvidenceWriter(home / "evidence", "r1") as writer:
        ref = writer.preserve(page)
    archives.note_archive(store, ref.archive, home / "evidence", make.now)
    found = make.finding(evidence=(ref.evidence_id,), quote="根治\x1b[31m失眠")
    pages.save_pages(store, [make.page(1, evidence=ref, findings=(found,))])
    lead = make.lead(findings=(found,))
    leads.save_leads(store, "tea.example", [lead], make.now)
    return str(lead.lead_id)


def _run(*words: str, code: int = 0) -> str:
    result: Result = CliRunner().invoke(APPS[words[0]], list(words[1:]))
    if isinstance(result.exception, NetPatrolError):
        assert result.exception.exit_code == code, result.exception
        return str(result.exception)
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def test_leads_are_listed_shown_decided_and_exported(lead_id: str) -> None:
    assert lead_id[:8] in _run("leads", "list")
    assert json.loads(_run("leads", "list", "--format", "jsonl"))["lead_id"] == lead_id
    assert "没有线索" in _run("leads", "list", "--family", "absolute")
    assert "认领" in _run("leads", "decide", lead_id[:6], "认领", "--by", "王芳")
    shown = _run("leads", "show", lead_id[:6])
    assert "认领  王芳" in shown
    assert "claim" not in shown
    assert "--by" in _run("leads", "decide", lead_id[:6], "认领", "--by", " ", code=2)
    assert "王芳" in shown
    assert "新发现" in shown
    assert "广告法 17" in shown
    assert "\x1b" not in shown
    assert json.loads(_run("leads", "show", lead_id, "--format", "jsonl"))["decisions"][0]["by"] == "王芳"
    assert json.loads(_run("leads", "export"))["lead_id"] == lead_id
    neutral = [json.loads(line) for line in _run("leads", "export", "--neutral").splitlines()]
    assert [line.get("family") for line in neutral] == [None, "medical"]


def test_the_same_decision_twice_in_a_row_is_one(lead_id: str) -> None:
    words = ("leads", "decide", lead_id, "confirm", "--by", "王芳", "--note", "已约谈")
    assert "已记录" in _run(*words)
    assert "没有重复记录" in _run(*words)
    _run("leads", "decide", lead_id, "dismiss", "--by", "王芳")
    assert "已记录" in _run(*words)
    assert [one["verdict"] for one in json.loads(_run("leads", "show", lead_id, "--format", "jsonl"))["decisions"]] == ["confirm", "dismiss", "confirm"]


def test_queries_run_by_name(lead_id: str) -> None:
    assert "overdue" in _run("leads", "query")
    for name in _run("leads", "query").splitlines():
        _run("leads", "query", name.split()[0])
        _run("leads", "query", name.split()[0], "--format", "jsonl")
    assert _run("leads", "query", "today", "--shell").startswith("db.leads.aggregate([")


@pytest.mark.parametrize(
    "words",
    [
        ("leads", "show", "zzzz"),
        ("leads", "decide", "abcdef", "confirm"),
        ("leads", "query", "no-such"),
        ("leads", "list", "--status", "no-such"),
        ("leads", "list", "--format", "xml"),
        ("leads", "list", "--host", "no host"),
        ("leads", "list", "--host", ""),
        ("leads", "list", "--host", "ftp://tea.example/"),
        ("leads", "list", "--unit", ""),
        ("leads", "list", "--family", " "),
        ("leads", "query", "today", "--unit", ""),
        ("targets", "list", "--host", ""),
        ("targets", "list", "--status", ""),
        ("runs", "coverage", "--since", ""),
        ("db", "status", "--format", "csv"),
        ("targets", "list", "--host", "no host"),
        ("evidence", "verify", "--format", "xml"),
        ("evidence", "show", "20260101000000000-0123456789abcdef", "--format", "xml"),
        ("leads", "export", "--format", "csv"),
        ("runs", "show", "no-such"),
        ("runs", "show", ".*"),
        ("runs", "show", "\U0010ffff"),
        ("runs", "show", "\ud7ff"),
        ("targets", "list", "--status", "no-such"),
        ("targets", "list", "--kind", "no-such"),
        ("targets", "show", "no-such.example"),
        ("targets", "unpark", "no-such.example"),
        ("targets", "import", "/nonexistent.csv"),
        ("db", "restore", "/nonexistent"),
        ("evidence", "show", "20260101000000000-0123456789abcdef"),
        ("evidence", "export", "20260101000000000-0123456789abcdef"),
        ("evidence", "verify", "20260101000000000-0123456789abcdef"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_exit_code_two(home: Path, words: tuple[str, ...]) -> None:
    assert _run(*words, code=2)


def test_an_unknown_decision_names_those_there_are(lead_id: str) -> None:
    assert "dismiss" in _run("leads", "decide", lead_id, "maybe", code=2)


@pytest.mark.parametrize("host", ["tea.example", "www.tea.example", "http://www.tea.example/1"])
def test_a_host_is_found_however_it_is_written(lead_id: str, host: str) -> None:
    assert json.loads(_run("leads", "list", "--host", host, "--format", "jsonl"))["lead_id"] == lead_id


def test_a_storefront_is_listed_without_the_others_of_its_platform(home: Path, store: Store, make: SimpleNamespace) -> None:
    shops_of = ["mall.example/shop/1", "mall.example/shop/10", "mall.example/shop/10/vip", "mall.example"]
    for shop_id in shops_of:
        shop = replace(make.shop, shop_id=shop_id, url=f"http://www.{shop_id}")
        leads.save_leads(store, shop_id, [make.lead(lead_id=digest(shop_id), shop=shop, host="www.mall.example")], make.now)
    add_found(store, [make.target(shop_id, host="www.mall.example") for shop_id in (*shops_of, "mall.example/shop/2")], make.now)

    def listed(command: str, host: str) -> list[str]:
        return sorted(json.loads(line)["shop_id"] for line in _run(command, "list", "--host", host, "--format", "jsonl").splitlines())

    for command in ("leads", "targets"):
        assert listed(command, "mall.example/shop/1") == ["mall.example/shop/1"]
        assert listed(command, "https://www.mall.example/shop/1/") == ["mall.example/shop/1"]
        assert listed(command, "http://www.mall.example/shop/1/item/5?x=1") == ["mall.example/shop/1"]
        assert listed(command, "mall.example/shop/10") == ["mall.example/shop/10", "mall.example/shop/10/vip"]
        assert set(listed(command, "mall.example")) >= set(shops_of)
    assert listed("leads", "mall.example/shop/2") == []  # patrolled, and nothing found


@pytest.mark.parametrize(
    ("option", "given"), [("--by", "张" * 61), ("--by", "张\0三"), ("--by", "\udcff"), ("--note", "\x1b[2J"), ("--note", "字" * 10_001)]
)
def test_a_decision_that_could_not_be_kept_or_shown_is_refused(lead_id: str, option: str, given: str) -> None:
    words = {"--by": "张三", "--note": "当面核实\n已改正"} | {option: given}
    assert _run("leads", "decide", lead_id, "属实", *(word for pair in words.items() for word in pair), code=2).startswith(f"{option} ")
    _run("leads", "decide", lead_id, "属实", "--by", "张" * 60, "--note", "当面核实\n已改正")


def test_targets_are_imported_and_refused_lines_named(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "域名.csv"
    path.write_bytes("域名,主办单位\r\nTea.example.,清和\r\nnot a domain,\r\n".encode("gb18030"))
    output = _run("targets", "import", str(path), code=1)
    assert "新增 1" in output
    assert "第 3 行：不是有效的域名" in output
    assert "tea.example" in _run("targets", "list")
    assert "tea.example" in _run("targets", "due")
    assert json.loads(_run("targets", "list", "--format", "jsonl"))["clues"] == {"operator": "清和"}
    assert json.loads(_run("targets", "show", "http://www.tea.example/x"))["shop_id"] == "tea.example"


def test_lines_about_one_shop_are_told(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "seeds.txt"
    path.write_text("http://tea.example:8081/shop/\nhttp://tea.example/\n", "utf-8")
    assert "读到 2 行（其中 0 行只作线索），新增 1，已有 0，同一对象并入 1，拒收 0" in _run("targets", "import", str(path))


def test_senders_are_masked(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "courier.csv"
    path.write_text(
        "寄件店铺名,寄件人,联系电话,寄件地址\n清和小店,王小芳,13812345678,湖北省宜昌市西陵区东山路9号\n", "utf-8"
    )
    _run("targets", "import", str(path))
    output = _run("targets", "list", "--format", "jsonl") + _run("targets", "list")
    assert "王小芳" not in output
    assert "13812345678" not in output
    assert "东山路" not in output


def test_runs_show_whether_the_ledger_adds_up(home: Path, store: Store, make: SimpleNamespace) -> None:
    table = {"planned": 3, "checked": 1, "skipped": 1, "skipped_by_reason": {"robots.txt": 1}, "failed": 0}
    runs.save_run(store, RunRecord(run_id="r-1", spider="sites", started_at=make.now, ledger={"pages": table}))
    assert "否（2）" in _run("runs", "list")
    assert "robots.txt" in _run("runs", "show", "r")
    assert json.loads(_run("runs", "show", "r-1", "--format", "jsonl"))["ledger"] == {"pages": table}
    assert json.loads(_run("runs", "list", "--format", "jsonl"))["started_at"] == "2026-01-15T12:00:00+08:00"


@pytest.mark.parametrize(
    ("worker", "alive_for", "told"),
    [("elsewhere:1:r-1", 1, "进行中"), ("elsewhere:1:r-1", -1, "中断"), (f"{workers.machine()}:999999999:r-1", 1, "中断"), ("", None, "中断")],
    ids=["lives", "lease is over", "its process is no more", "of an older version"],
)
def test_runs_that_show_no_life_are_told_as_broken_off(
    home: Path, store: Store, make: SimpleNamespace, worker: str, alive_for: int | None, told: str
) -> None:
    until = datetime.now(UTC) + timedelta(hours=alive_for) if alive_for else None
    record = RunRecord(run_id="r-1", spider="sites", started_at=make.now, worker=worker, alive_until=until)
    runs.save_run(store, record)
    assert told in _run("runs", "show", "r-1")
    runs.note_alive(store, "r-1", datetime.now(UTC) + timedelta(hours=1))
    if not workers.is_gone(worker):
        assert "进行中" in _run("runs", "show", "r-1")
    runs.save_run(store, replace(record, ended_at=make.now, finish_reason="finished"))
    assert "做完\n" in _run("runs", "show", "r-1")
    runs.save_run(store, replace(record, ended_at=make.now, finish_reason="finished", ledger={**record.ledger, "exit_code": 3}))
    assert "做完（以 3 结束）" in _run("runs", "show", "r-1")
    assert "做完（以 3 结束）" in _run("runs", "list")


def test_a_period_that_ends_before_it_begins_is_refused(home: Path) -> None:
    assert "晚于" in _run("runs", "coverage", "--since", "2026-02-01", "--until", "2026-01-01", code=2)


def test_rates_of_a_period_are_of_what_was_checked(home: Path, lead_id: str, store: Store, make: SimpleNamespace) -> None:
    assert "无从计算" in _run("runs", "coverage")
    states = {"tea.example": "checked", "a.example": "checked", "b.example": "partial", "c.example": "needs_render", "d.example": "not_a_shop"}
    for shop_id, state in states.items():
        shop = make.target(shop_id).shop
        shops.save_shop(store, ShopRecord(shop=shop, host=shop_id, seen_at=make.now, state=state, run_id="r-1"))
    shops.save_shop(store, ShopRecord(shop=make.target("e.example").shop, host="e.example", seen_at=make.now, run_id="of another day"))
    targets_of = {"planned": 5, "checked": 4, "skipped": 1, "skipped_by_reason": {"needs_render": 1}, "failed": 0}
    runs.save_run(store, RunRecord(run_id="r-1", spider="sites", started_at=make.now, ended_at=make.now, ledger={"targets": targets_of}))
    assert json.loads(_run("runs", "coverage", "--format", "jsonl"))["shops"] == {"checked": 3, "with_open_leads": 1, "share": 0.3333}
    output = _run("runs", "coverage")
    assert "核查过 3 家，其中有未结线索 1 家：33.3%" in output
    assert "1  需要浏览器渲染" in output


def test_evidence_is_shown_verified_and_handed_out(home: Path, lead_id: str, tmp_path: Path) -> None:
    assert "http://tea.example/1" in _run("evidence", "show", lead_id)
    capture = json.loads(_run("evidence", "show", lead_id, "--format", "jsonl"))["evidence_id"]
    assert capture in _run("evidence", "show", capture)
    assert "全部相符" in _run("evidence", "verify")
    _run("evidence", "export", lead_id, "--to", str(tmp_path / "case.zip"))
    assert f"{capture}.warc.gz" in zipfile.ZipFile(tmp_path / "case.zip").namelist()
    warc = next((home / "evidence" / "warc").iterdir())
    warc.write_bytes(warc.read_bytes()[:-1] + b"\xff")
    lines = [json.loads(line) for line in _run("evidence", "verify", "--format", "jsonl", code=1).splitlines()]
    assert [line["holds"] for line in lines] == [True, False, False, False]
    assert "被改动" in _run("evidence", "verify", "--archive-only", code=1)
    assert f"固证 {capture} 不可用" in _run("evidence", "show", lead_id, code=1)
    assert "被改动" in _run("evidence", "export", lead_id, "--to", str(tmp_path / "again.zip"), code=1)
    warc.unlink()
    assert "没有这个文件" in _run("evidence", "show", capture, code=1)


@pytest.mark.parametrize(
    "change",
    [{"url": "http://other.example/"}, {"body_sha256": "0" * 64}, {"warc_offset": 7}, {"warc_file": "../../etc/passwd"}, {"previous": "1" * 64}, {"manifest_sha256": "2" * 64}],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_what_the_database_says_of_evidence_must_be_what_the_chain_says(home: Path, lead_id: str, store: Store, tmp_path: Path, change: dict[str, str]) -> None:
    entry = store.db["evidence"].find_one() or {}
    store.db["evidence"].update_one({"_id": entry["_id"]}, {"$set": change})
    assert "1 处不符" in _run("evidence", "verify", code=1)
    assert "1 处不符" in _run("evidence", "verify", entry["_id"], code=1)
    shown = _run("evidence", "show", lead_id, code=1)
    assert "登记或固证被改动" in shown
    assert entry["body_sha256"] in shown and "other.example" not in shown
    assert "登记或固证被改动" in _run("evidence", "show", entry["_id"], code=1)
    for number, name in enumerate((lead_id, entry["_id"])):
        assert "登记或固证被改动" in _run("evidence", "export", name, "--to", str(tmp_path / f"{number}.zip"), code=1)


@pytest.mark.parametrize("command", ["show", "decide"])
def test_how_much_of_a_leads_id_is_needed_is_told(home: Path, lead_id: str, command: str) -> None:
    rest = ["dismiss", "--by", "王芳"] if command == "decide" else []
    assert "至少写 4 位" in _run("leads", command, lead_id[:3], *rest, code=2)
    assert "没有编号以" in _run("leads", command, "zzzz", *rest, code=2)


def test_an_entry_of_evidence_that_was_removed_is_missed(home: Path, lead_id: str, store: Store, tmp_path: Path) -> None:
    entry = store.db["evidence"].find_one_and_delete({})
    assert "没有登记，登记被删除" in _run("evidence", "verify", code=1)
    for name in (lead_id, entry["_id"]):
        assert "没有登记，登记被删除" in _run("evidence", "verify", name, code=1)
    for number, name in enumerate((lead_id, entry["_id"])):
        shown = _run("evidence", "show", name, code=1)
        assert "固证链里仍有" in shown and entry["body_sha256"] in shown
        assert "登记被删除" in _run("evidence", "export", name, "--to", str(tmp_path / f"{number}.zip"), code=1)
    shutil.rmtree(home / "evidence")
    assert "这里的固证链里也没有" in _run("evidence", "show", lead_id, code=1)


def test_a_capture_that_is_here_is_shown_while_the_database_is_away(home: Path, lead_id: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = store.db["evidence"].find_one() or {}
    monkeypatch.setenv("MONGO_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
    shown = _run("evidence", "show", entry["_id"])
    assert entry["body_sha256"] in shown and "没有与其中的登记核对" in shown


def test_evidence_that_only_the_database_knows_is_missed(home: Path, lead_id: str) -> None:
    for path in (home / "evidence").rglob("*"):
        if path.is_file():
            path.unlink()
    assert "不在固证链中" in _run("evidence", "verify", code=1)


def test_an_archive_that_is_gone_is_not_said_to_lie_where_one_stands(home: Path, lead_id: str, store: Store, make: SimpleNamespace) -> None:
    archives.note_archive(store, store.db["evidence"].find_one()["archive"], home / "evidence", make.now)  # type: ignore[index]
    shutil.rmtree(home / "evidence")
    assert "就在本机这个文件夹，已被移走或删除" in _run("evidence", "show", lead_id, code=2)


@pytest.fixture
def elsewhere(home: Path, lead_id: str, store: Store, make: SimpleNamespace) -> str:
    """The capture of another machine's archive, which shares the database; it belongs to the same lead."""
    page = PageItem(url="http://tea.example/2", final_url="http://tea.example/2", fetched_at=make.now, body=b"honey")
    with EvidenceWriter(home / "other", "r2") as writer:
        ref = writer.preserve(page)
    archives.note_archive(store, ref.archive, Path("/srv/other"), make.now)
    pages.save_pages(store, [make.page(2, evidence=ref)])
    held = leads.lead_document(store, lead_id)["findings"][0]["evidence"]
    leads.save_leads(store, "tea.example", [make.lead(findings=(make.finding(evidence=(*held, ref.evidence_id)),))], make.now)
    return str(ref.evidence_id)


def test_verifying_one_archive_leaves_the_captures_of_others_alone(elsewhere: str, store: Store, home: Path) -> None:
    archive = store.db["evidence"].find_one({"_id": elsewhere})["archive"]  # type: ignore[index]
    output = _run("evidence", "verify")
    assert "全部相符" in output
    assert f"1 份固证在存档 {archive}（" in output
    assert "/srv/other" in output
    assert json.loads(_run("evidence", "verify", "--format", "jsonl").splitlines()[-1])["elsewhere"] == {archive: 1}
    for path in (home / "evidence").rglob("*"):
        if path.is_file():
            path.unlink()
    assert "1 处不符" in _run("evidence", "verify", code=1)


@pytest.mark.parametrize("command", ["show", "export", "verify"])
def test_a_capture_of_another_archive_is_said_to_lie_there(elsewhere: str, command: str) -> None:
    said = _run("evidence", command, elsewhere, code=2)
    assert elsewhere in said
    assert "/srv/other" in said
    assert len(said.splitlines()) == 1


def test_of_a_lead_on_two_machines_this_ones_captures_are_handed_out(elsewhere: str, lead_id: str, tmp_path: Path) -> None:
    shown = _run("evidence", "show", lead_id)
    assert "http://tea.example/1" in shown
    assert f"{elsewhere} 存放在存档" in shown
    assert "本包不全" in _run("evidence", "export", lead_id, "--to", str(tmp_path / "case.zip"), code=1)
    with zipfile.ZipFile(tmp_path / "case.zip") as case:
        assert len([name for name in case.namelist() if name.endswith(".warc.gz")]) == 1
        assert elsewhere in case.read("说明.txt").decode()


def test_captures_of_an_older_version_belong_to_the_only_archive(home: Path, lead_id: str, store: Store) -> None:
    store.db["evidence"].update_many({}, {"$set": {"archive": ""}})
    assert "全部相符" in _run("evidence", "verify")
    store.db["evidence"].update_many({}, {"$set": {"manifest_sha256": "0" * 64}})
    assert "1 处不符" in _run("evidence", "verify", code=1)


def test_captures_of_an_older_version_are_told_apart_by_their_chains(elsewhere: str, store: Store) -> None:
    store.db["evidence"].update_many({}, {"$set": {"archive": ""}})
    output = _run("evidence", "verify")
    assert "全部相符" in output
    assert "1 份较早的固证" in output


def test_a_rescan_says_that_captures_lie_elsewhere(elsewhere: str, lead_id: str) -> None:
    result = CliRunner().invoke(rescan.app, [])
    assert result.exit_code == 0, result.output
    assert "1 个网页的固证在别的存档" in result.output


def test_a_rescan_counts_what_it_opens_again(home: Path, store: Store, make: SimpleNamespace) -> None:
    said = "常饮此茶可根治失眠"
    page = PageItem(url="http://tea.example/1", final_url="http://tea.example/1", fetched_at=make.now, body=f"<meta charset=utf-8><p>{said}</p>".encode())
    with EvidenceWriter(home / "evidence", "r1") as writer:
        ref = writer.preserve(page)
    archives.note_archive(store, ref.archive, home / "evidence", make.now)
    pages.save_pages(store, [make.page(1, evidence=ref, findings=())])
    assert "新增线索 1，变化线索 0，关闭线索 0，重开线索 0" in CliRunner().invoke(rescan.app, []).output
    pages.save_pages(store, [make.page(1, evidence=ref, findings=(), pack_lock="none", text=said)])
    [held] = pages.pages_of(store, "tea.example")
    leads.save_leads(store, "tea.example", [], make.now, withdrawn=frozenset(finding.expression for finding in held.withdrawn))
    assert "新增线索 0，变化线索 0，关闭线索 0，重开线索 1" in CliRunner().invoke(rescan.app, []).output


def test_the_database_is_backed_up_and_brought_back(home: Path, lead_id: str, tmp_path: Path) -> None:
    _run("db", "backup", str(tmp_path / "b"))
    assert "--force" in _run("db", "restore", str(tmp_path / "b"), code=2)
    _run("db", "restore", str(tmp_path / "b"), "--force")
    assert lead_id[:8] in _run("leads", "list")
    assert "没有改动" in _run("db", "init")
    assert json.loads(_run("db", "status", "--format", "json"))["collections"]["leads"] == 1


def test_the_embedded_server_by_its_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETPATROL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "没有在运行" in _run("db", "status", code=3)
    try:
        assert "在运行" in _run("db", "start")
        assert "collection leads" in _run("db", "init")
        assert "在运行" in _run("db", "status")
        shell = _run("db", "shell")
        assert str(tmp_path / "home" / "db" / "uri") in shell
        password = (tmp_path / "home" / "db" / "password").read_text()
        assert password not in shell + _run("db", "status", "--format", "json")
    finally:
        assert "已停止" in _run("db", "stop")
    assert "没有在运行" in _run("db", "stop")


@pytest.mark.parametrize("name", APPS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    commands = [command.name or command.callback.__name__ for command in APPS[name].registered_commands]  # type: ignore[union-attr]
    for command in commands:
        assert "例：" in _run(name, command.replace("_", "-"), "--help")


def test_verifying_an_empty_folder_says_that_nothing_is_there(home: Path) -> None:
    output = _run("evidence", "verify", "--archive-only")
    assert "还没有固证" in output
    assert "全部相符" not in output


def test_the_version_is_told() -> None:
    from netpatrol.cli import app
    from netpatrol.settings import BUILD

    assert CliRunner().invoke(app, ["--version"]).output == f"netpatrol {BUILD}\n"
