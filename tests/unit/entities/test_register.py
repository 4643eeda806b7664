from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpatrol.entities.dirt import find_dirt
from netpatrol.entities.entity import Entity
from netpatrol.entities.history import history, imports
from netpatrol.entities.importer import ImportReport, read_register
from netpatrol.entities.register import Register, decode, encode
from netpatrol.entities.snapshot import publish
from netpatrol.entities.staging import Staging
from netpatrol.entities.updates import Published, update_register
from netpatrol.errors import RegisterError
from tests.unit.entities.conftest import ENTITIES, GONE, PHARMACY, TEA, code

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def report(*entities: Entity) -> ImportReport:
    staging = Staging()
    staging.sources.append("register.csv")
    for row, entity in enumerate(entities, 2):
        staging.add(entity, 0, row)
    return ImportReport(entities=staging, rows=len(entities))


def update(home: Path, *entities: Entity, full: bool = False) -> Published:
    return update_register(home, report(*entities), now=NOW, full=full)


def test_a_saved_register_is_found_by_every_key(tmp_path: Path) -> None:
    publish(ENTITIES, tmp_path)
    register = Register.load(tmp_path)
    assert register is not None
    assert len(register) == len(ENTITIES)
    for entity in ENTITIES:
        assert register.find("id", entity.entity_id) == (entity,)
        assert decode(encode(entity)) == entity
    assert register.find("domain", "qinghe.example")[0].uscc == TEA
    assert register.find("former", "宜昌康禾堂大药房有限公司")[0].uscc == PHARMACY
    assert register.find("uscc", "nothing") == ()
    assert register.find("phone", "") == ()


def test_registered_names_are_found_in_running_text(tmp_path: Path) -> None:
    publish(ENTITIES, tmp_path)
    register = Register.load(tmp_path)
    assert register is not None
    text = "本店由宜昌青禾堂大药房有限公司经营,印制:宜昌市第一印刷厂;宜昌云谷食品有限公司西陵分公司"
    found = [register.folded(row) for row, _, _ in register.finder.find(text)]
    assert found == ["宜昌青禾堂大药房有限公司", "宜昌市第一印刷厂"]


def test_no_register_is_none_and_a_damaged_one_an_error(tmp_path: Path) -> None:
    assert Register.load(tmp_path) is None
    version = publish(ENTITIES, tmp_path).version
    (tmp_path / "register" / version / "rows.starts.npy").write_bytes(b"rubbish")
    with pytest.raises(RegisterError, match="重新导入"):
        Register.load(tmp_path)
    assert len(publish(ENTITIES, tmp_path)) == len(ENTITIES)


def test_the_same_rows_are_the_same_version(tmp_path: Path) -> None:
    assert publish(ENTITIES, tmp_path).version == publish(ENTITIES, tmp_path).version
    assert publish(ENTITIES[:2], tmp_path).version != publish(ENTITIES, tmp_path).version


def test_who_loaded_a_version_keeps_it(tmp_path: Path) -> None:
    publish(ENTITIES, tmp_path)
    old = Register.load(tmp_path)
    assert old is not None
    for number in range(6):
        publish([replace(ENTITIES[0], credit=str(number))], tmp_path)
    assert old.find("uscc", GONE)[0].name == "宜昌云谷食品有限公司"
    new = Register.load(tmp_path)
    assert new is not None
    assert (len(old), len(new)) == (len(ENTITIES), 1)
    assert sum(path.is_dir() and path.name != "history" for path in (tmp_path / "register").iterdir()) <= 3


def test_an_import_that_fails_half_way_leaves_the_old_register_whole(tmp_path: Path) -> None:
    version = publish(ENTITIES, tmp_path).version

    def failing() -> object:
        yield ENTITIES[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(RegisterError, match="未动"):
        publish(failing(), tmp_path)  # type: ignore[arg-type]
    register = Register.load(tmp_path)
    assert register is not None
    assert register.version == version
    assert not list((tmp_path / "register").glob("partial-*"))


def test_what_a_killed_import_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / "register" / "partial-dead"
    left.mkdir(parents=True)
    (left / "owner").write_text("999999999")
    publish(ENTITIES, tmp_path)
    assert not left.exists()


# -- updates -----------------------------------------------------------------------------------------


def test_updates_keep_history(tmp_path: Path) -> None:
    update(tmp_path, *ENTITIES)
    done = update(
        tmp_path, replace(ENTITIES[0], status="注销", name="宜昌市新青禾商贸有限责任公司", approved="2026-01-01")
    )
    assert (done.changed, done.added, done.absent, len(done.register)) == (1, 0, len(ENTITIES) - 1, len(ENTITIES))
    (event,) = history(tmp_path, TEA)
    assert event.change.fields["status"] == ("存续", "注销")
    assert (event.number, event.at) == (2, NOW.isoformat(timespec="seconds"))
    renamed = done.register.find("uscc", TEA)[0]
    assert renamed.former_names == ("宜昌市青禾商贸有限责任公司",)
    assert done.register.find("former", "宜昌市青禾商贸有限责任公司") == (renamed,)
    assert [entry["number"] for entry in imports(tmp_path)] == [1, 2]


def test_the_same_export_twice_changes_nothing(tmp_path: Path) -> None:
    first = update(tmp_path, *ENTITIES)
    again = update(tmp_path, *ENTITIES)
    assert (again.unchanged, again.changed, again.added) == (len(ENTITIES), 0, 0)
    assert again.register.version == first.register.version
    assert list(history(tmp_path, TEA)) == []


@pytest.mark.parametrize(
    ("rows", "removed"),
    [
        ("", 2),
        ("=A1+B1,91420500000000042X,,\n", 1),  # a formula without its value, the code beside it
        ("宜昌四三商贸有限公司,4.2E+14,,\n", 1),  # a code that lost its digits, the name beside it
        (",,,备注：以上为全部主体\n", 2),
        ("=A1,,,\n", 0),  # nobody knows who that is
    ],
)
def test_who_stands_on_a_refused_row_of_a_full_export_stays(tmp_path: Path, rows: str, removed: int) -> None:
    (tmp_path / "home").mkdir()
    header, one = "名称,统一社会信用代码,注册号,状态\n", "宜昌四一商贸有限公司,91420500000000041X,,存续\n"
    others = "宜昌四二商贸有限公司,91420500000000042X,,存续\n宜昌四三商贸有限公司,91420500000000043X,,存续\n"
    (tmp_path / "all.csv").write_text(header + one + others, "utf-8")
    (tmp_path / "full.csv").write_text(header + one + rows, "utf-8")
    update_register(tmp_path / "home", read_register([tmp_path / "all.csv"]), now=NOW)
    done = update_register(tmp_path / "home", read_register([tmp_path / "full.csv"]), now=NOW, full=True)
    assert (done.removed, len(done.register)) == (removed, 3 - removed)


def test_a_full_export_removes_what_is_not_in_it(tmp_path: Path) -> None:
    update(tmp_path, *ENTITIES)
    done = update(tmp_path, *ENTITIES[1:], full=True)
    assert (done.removed, len(done.register)) == (1, len(ENTITIES) - 1)
    assert [event.change.kind for event in history(tmp_path, TEA)] == ["removed"]


def test_an_entity_that_gets_its_code_stays_one(tmp_path: Path) -> None:
    update(tmp_path, replace(ENTITIES[2], uscc=""))
    done = update(tmp_path, ENTITIES[2])
    assert (done.changed, len(done.register)) == (1, 1)


def test_an_older_export_that_comes_later_does_not_hold(tmp_path: Path) -> None:
    update(tmp_path, replace(ENTITIES[0], approved="2025-01-01", phone="1"))
    done = update(tmp_path, replace(ENTITIES[0], approved="2020-01-01", phone="2"))
    assert done.register.find("uscc", TEA)[0].phone == "1"


def test_merged_rows_leave_a_trail(tmp_path: Path) -> None:
    update(tmp_path, ENTITIES[2], replace(ENTITIES[2], uscc="", phone="13900000000"))
    (event,) = history(tmp_path, ENTITIES[2].uscc)
    assert event.change.kind == "merged"
    assert "register.csv 第 3 行" in event.change.note


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    import fcntl

    update(tmp_path, *ENTITIES)
    with (tmp_path / "register" / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RegisterError, match="另一个导入"):
            update(tmp_path, *ENTITIES)


def test_a_log_line_cut_short_is_passed_over(tmp_path: Path) -> None:
    update(tmp_path, *ENTITIES)
    with (tmp_path / "register" / "imports.jsonl").open("a") as log:
        log.write(json.dumps({"number": 2})[:6])
    assert [entry["number"] for entry in imports(tmp_path)] == [1]


# -- dirt ----------------------------------------------------------------------------------------------


def test_dirt_is_reported_by_kind() -> None:
    tea = replace(ENTITIES[0], phone="", icp="", emark="", domain="")
    dirty = [
        *ENTITIES,
        replace(tea, uscc=TEA[:17] + "7", name="宜昌错码有限公司"),
        replace(tea, uscc=code("MA000009", "91427702"), name="宜昌无处有限公司", address=""),
        replace(tea, uscc=code("MA00000B"), name="宜昌错地有限公司", address="武汉市江岸区解放大道9号"),
        replace(tea, uscc=code("MA00000C"), name="锟斤拷锟斤拷公司"),
        replace(tea, uscc=code("MA00000D"), name="宜昌青禾商贸有限公司"),
        replace(tea, uscc="", name="宜昌无码经营部"),
        *(
            replace(tea, uscc=code(f"MB0000{n:02d}"), name=f"宜昌共用{n}号有限公司", phone="07176000009")
            for n in range(12)
        ),
    ]
    found = {dirt.kind: dirt.count for dirt in find_dirt(Register.of(dirty))}
    expected = {"bad_check_digit": 1, "impossible_division": 1, "mojibake_name": 1, "near_name": 1, "shared_phone": 1}
    assert {kind: found[kind] for kind in expected} == expected
    assert found["place_conflict"] >= 1
    assert found["no_code"] == 1
    assert found["shared_address"] == 1
