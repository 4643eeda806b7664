"""The commands around the register, each in a process of its own, as an operator calls them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.entities.conftest import code as checked

HEADER = ("统一社会信用代码", "名称", "主体类型", "法定代表人", "住所", "登记状态", "联系电话", "核准日期")


def code(number: int) -> str:
    return checked(f"MA{number:06d}")


PERSON = ("", "鲁国栋（峡江鲁大姐632号）", "自然人", "鲁国栋", "宜昌市点军区江南路5号", "", "18600000169", "2024-01-01")


def row(number: int, status: str = "存续", approved: str = "2024-05-06") -> tuple[str, ...]:
    place = f"宜昌市西陵区云集路{number}号"
    return (
        code(number),
        f"宜昌市青禾{number}号商贸有限公司",
        "企业",
        "鲁平",
        place,
        status,
        f"0717{number:07d}",
        approved,
    )


def write(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return path


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that runs a command in a home of its own."""

    def call(*args: str, feed: str = "", region: str = "4205") -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "NETPATROL_HOME": str(tmp_path / "home"), "NETPATROL_REGION": region}
        command = [sys.executable, "-m", "netpatrol.cli", *args]
        return subprocess.run(command, input=feed, env=environ, capture_output=True, text=True, timeout=120)

    return call


def test_import_update_history_and_match(run, tmp_path: Path) -> None:
    first = write(tmp_path / "一月.csv", row(1), row(2), PERSON)
    done = run("register", "import", str(first))
    assert (done.returncode, "3 个主体" in done.stdout) == (0, True), done.stderr
    assert "uscc←统一社会信用代码" in done.stderr

    second = write(tmp_path / "二月.csv", row(1, "注销", "2026-02-01"), ("坏", "", "", "", "", "", "", ""))
    done = run("register", "import", str(second))
    assert done.returncode == 1
    assert "第 3 行" in done.stderr
    assert "变更 1" in done.stdout

    [*_, event] = [json.loads(line) for line in run("register", "history", code(1)).stdout.splitlines()]
    assert event["fields"]["status"] == ["存续", "注销"]
    assert event["files"] == ["二月.csv"]

    asked = "\n".join(
        json.dumps(one, ensure_ascii=False)
        for one in (
            {"id": 1, "uscc": code(1)},
            {"id": 2, "name": "宜昌市青禾2号商贸有限公司"},
            {"id": 3, "phone": "18600000169"},
            {"id": 4, "text": "版权所有 深圳市云云科技有限公司"},
            {"id": 5},
        )
    )
    answered = run("match", "--jsonl", feed=asked)
    assert answered.returncode == 1
    found = {one["id"]: one for one in map(json.loads, answered.stdout.splitlines())}
    assert (found[1]["determination"], found[1]["entity"]["id"]) == ("revoked", code(1))
    assert (found[2]["determination"], found[2]["entity"]["id"]) == ("match", code(2))
    assert found[3]["entity"]["id"] == "鲁国栋/18600000169"
    assert found[4]["determination"] == "out_of_region"
    assert found[5]["state"] == "bad_input"


def test_who_was_moved_out_is_told_with_when_and_by_which_file(run, tmp_path: Path) -> None:
    run("register", "import", str(write(tmp_path / "一月.csv", row(1), row(2))))
    run("register", "import", "--full", str(write(tmp_path / "二月.csv", row(2))))
    for asked in (code(1), code(1).lower(), row(1)[1]):
        shown = run("register", "show", asked)
        assert (shown.returncode, "二月.csv（导入 2）移出" in shown.stderr) == (2, True), asked
        events = [json.loads(line) for line in run("register", "history", asked).stdout.splitlines()]
        assert [(event["change"], event["import"], event["files"]) for event in events] == [
            ("first", 1, ["一月.csv"]),
            ("removed", 2, ["二月.csv"]),
        ], asked
    never = run("register", "show", code(3))
    assert (never.returncode, "移出" in never.stderr) == (2, False)


def test_persons_are_masked_wherever_the_register_is_shown(run, tmp_path: Path) -> None:
    run("register", "import", str(write(tmp_path / "a.csv", PERSON)))
    moved = (*PERSON[:4], "宜昌市点军区江南路99号", *PERSON[5:])
    run("register", "import", str(write(tmp_path / "b.csv", moved)))
    said = "".join(
        run("register", command, *more).stdout
        for command, *more in (
            ("show", "鲁国栋/18600000169"),
            ("history", "鲁国栋/18600000169"),
            ("check",),
            ("stats",),
        )
    )
    assert "鲁**" in said
    assert "国栋" not in said
    assert "18600000169" not in said
    assert "江南路" not in said


def test_check_reports_dirt(run, tmp_path: Path) -> None:
    bad = (code(3)[:17] + ("0" if code(3)[17] != "0" else "1"), *row(3)[1:])
    run("register", "import", str(write(tmp_path / "a.csv", row(1), bad)))
    found = {
        one["kind"]: one["count"]
        for one in map(json.loads, run("register", "check", "--format", "json").stdout.splitlines())
    }
    assert found["bad_check_digit"] == 1


def test_an_unusable_file_changes_nothing(run, tmp_path: Path) -> None:
    run("register", "import", str(write(tmp_path / "a.csv", row(1))))
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04 nonsense")
    done = run("register", "import", str(broken))
    assert done.returncode == 2
    assert "XLSX" in done.stderr
    assert "Traceback" not in done.stderr
    assert "1 个主体" in run("register", "stats").stdout


def test_units(run, tmp_path: Path) -> None:
    run("register", "import", str(write(tmp_path / "a.csv", row(1))))
    table = tmp_path / "units.csv"
    table.write_text("区划,单位,级别\n4205,网监中心,中心\n西陵区,西陵区局,局\n", "utf-8")
    assert run("units", "import", str(table)).returncode == 0
    assert json.loads(run("units", "find", "湖北宜昌西陵区云集路1号").stdout)["unit"] == "西陵区局"
    answer = json.loads(run("match", "--jsonl", feed=json.dumps({"id": 1, "uscc": code(1)})).stdout)
    wide = code(1).translate({point: point + 0xFEE0 for point in range(ord("0"), ord("Z") + 1)})
    assert json.loads(run("match", "--jsonl", feed=json.dumps({"id": 1, "uscc": wide})).stdout) == answer
    assert any("西陵区局" in reason for reason in answer["reasons"])


def test_a_reader_never_sees_two_versions_at_once(run, tmp_path: Path) -> None:
    """Load again and again while imports go on: every loaded register is one import's, whole."""
    from netpatrol.entities.register import Register

    home = tmp_path / "home"
    files = [write(tmp_path / f"{n}.csv", *(row(i, f"状态{n}", f"202{n}-01-01") for i in range(200))) for n in range(4)]
    run("register", "import", str(files[0]))
    environ = {**os.environ, "NETPATROL_HOME": str(home)}
    script = "\n".join(f"{sys.executable} -m netpatrol.cli register import {file}" for file in files[1:])
    writer = subprocess.Popen(["sh", "-c", script], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    versions = set()
    while writer.poll() is None:
        register = Register.load(home)
        assert register is not None
        states = {register.find("uscc", code(number))[0].status for number in (0, 57, 199)}
        assert len(states) == 1
        versions.add(register.version)
    assert writer.returncode == 0
    assert versions


def test_a_killed_import_leaves_the_old_register_whole_and_can_be_run_again(run, tmp_path: Path) -> None:
    from netpatrol.entities.register import Register

    home = tmp_path / "home"
    run("register", "import", str(write(tmp_path / "a.csv", row(1))))
    many = write(tmp_path / "b.csv", *(row(number) for number in range(1, 6_000)))
    environ = {**os.environ, "NETPATROL_HOME": str(home)}
    command = [sys.executable, "-m", "netpatrol.cli", "register", "import", str(many)]
    killed = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((home / "register").glob("partial-*/rows.bin")) and killed.poll() is None:
        pass
    killed.kill()
    killed.wait(30)
    register = Register.load(home)
    assert register is not None
    assert len(register) in (1, 5_999)
    done = run("register", "import", str(many))
    assert (done.returncode, "5999 个主体" in done.stdout) == (0, True), done.stderr
    assert not list((home / "register").glob("partial-*"))


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_register_of_a_province_is_imported_and_loaded_in_little_memory(tmp_path: Path) -> None:
    bench = Path(__file__).parents[2] / "bench" / "entities.py"
    command = [
        sys.executable,
        str(bench),
        "--sizes",
        "1000000",
        "--queries",
        "50",
        "--peer",
        "1",
        "--keep",
        str(tmp_path),
    ]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["entities"] + found["refused"] == 1_000_000
    assert found["refused"] > 5_000
    assert found["read_mb"] < 300
    assert found["load_mb"] < 600
    assert found["match_mb"] < 1_200
    assert found["recall_all"] >= 0.95
    assert found["times_faster"] > 100
