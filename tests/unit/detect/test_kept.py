"""What packs come to, kept between runs: the same as loading them, never out of date, never more than data."""

from __future__ import annotations

import hashlib
import os
import pickle
import time
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect import kept
from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.detect.kept import kept_engine
from netpatrol.detect.pack import RULES, load_packs
from netpatrol.detect.types.slot import compile_slot, understood
from netpatrol.errors import PackErrors
from tests.unit.detect.test_pack import GOOD, write

ON = date(2026, 6, 30)
LINES = ("本店是全国第一的茶馆", "三天治愈高血压，无效退款", "稳赚不赔，年化收益30%", "国*家*级工艺", "本店从不承诺治愈")


def only(folder: Path) -> Path:
    """Return the one file that is kept."""
    (path,) = folder.iterdir()
    return path


def test_what_is_kept_is_what_loading_gives(tmp_path: Path) -> None:
    first, second = kept_engine((RULES,), tmp_path), kept_engine((RULES,), tmp_path)
    loaded = Engine(load_packs())
    assert first.packs == second.packs == loaded.packs
    assert first.rules.entries == second.rules.entries == loaded.rules.entries
    for line in LINES:
        found = [judge_snippet(engine, line, on=ON) for engine in (first, second, loaded)]
        assert found[0] == found[1] == found[2]


def test_slots_are_recalled_and_their_regexes_put_together_anew(tmp_path: Path) -> None:
    folder = write(tmp_path / "packs", GOOD.replace("any: [宜红茶王]", 'say: ["宜红 ~4 茶王|茶皇"]'))
    first = kept_engine((folder,), tmp_path / "kept")
    says = understood(first.packs.lexicons)
    second = kept_engine((folder,), tmp_path / "kept")
    assert says and understood(second.packs.lexicons) == says
    for say in says:
        assert compile_slot(say, second.packs.lexicons).source() == compile_slot(say, dict(second.packs.lexicons)).source()


def test_folders_beside_the_program_are_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "program" / "data" / "__pycache__").mkdir(parents=True)
    monkeypatch.setattr(kept, "_PROGRAM", tmp_path / "program")
    kept_engine((write(tmp_path / "packs", GOOD),), tmp_path / "kept")
    assert only(tmp_path / "kept")


def test_nothing_is_loaded_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "packs", GOOD)
    first = kept_engine((folder,), tmp_path / "kept")
    monkeypatch.setattr(kept, "load_packs", None)
    assert kept_engine((folder,), tmp_path / "kept").packs == first.packs


@pytest.mark.parametrize("change", ["pack", "program", "folder"])
def test_what_is_changed_is_loaded_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    folder = write(tmp_path / "packs", GOOD)
    kept_engine((folder,), tmp_path / "kept")
    word = "宜红茶王"
    if change == "pack":
        word = "宜红茶皇"
        write(tmp_path / "packs", GOOD.replace("宜红茶王", word))
    elif change == "program":
        monkeypatch.setattr(kept, "_READ_BY_IT", (*kept._READ_BY_IT, "errors.py"))
    else:
        folder = write(tmp_path / "others", GOOD)
    engine = kept_engine((folder,), tmp_path / "kept")
    assert word in engine.rules.entries
    assert engine.packs.packs[0].path.startswith(str(folder))
    assert len(list((tmp_path / "kept").iterdir())) == 2


@pytest.mark.parametrize("size", [0, 10, 31, 32, 33, 500, -1])
def test_what_is_damaged_is_made_anew(tmp_path: Path, size: int) -> None:
    folder = write(tmp_path / "packs", GOOD)
    whole = kept_engine((folder,), tmp_path / "kept").packs
    path = only(tmp_path / "kept")
    content = path.read_bytes()
    path.write_bytes(content[:size])
    assert kept_engine((folder,), tmp_path / "kept").packs == whole
    assert path.read_bytes()[:32] == content[:32]


def plant(path: Path, payload: bytes) -> None:
    """Write a file with the seal that its name asks for."""
    path.write_bytes(hashlib.blake2b(payload, digest_size=32, key=path.stem.encode()).digest() + payload)


@pytest.mark.parametrize("payload", [b"", b"I9x\n.", pickle.dumps((1, 2, 3)), pickle.dumps((1, 2)), pickle.dumps(({}, {}, {})), b"\x80\x05]"])
def test_what_is_sealed_and_makes_no_sense_is_made_anew(tmp_path: Path, payload: bytes) -> None:
    folder = write(tmp_path / "packs", GOOD)
    whole = kept_engine((folder,), tmp_path / "kept").packs
    plant(only(tmp_path / "kept"), payload)
    assert kept_engine((folder,), tmp_path / "kept").packs == whole
    assert len(only(tmp_path / "kept").read_bytes()) > 1000


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    folder = write(tmp_path / "packs", GOOD)
    whole = kept_engine((folder,), tmp_path / "kept").packs
    path = only(tmp_path / "kept")
    path.unlink()
    os.mkfifo(path)
    assert kept_engine((folder,), tmp_path / "kept").packs == whole
    path.unlink()
    path.symlink_to("/dev/zero")
    assert kept_engine((folder,), tmp_path / "kept").packs == whole


def test_a_file_of_other_packs_is_not_taken_for_these(tmp_path: Path) -> None:
    kept_engine((write(tmp_path / "packs", GOOD),), tmp_path / "kept")
    old = only(tmp_path / "kept")
    folder = write(tmp_path / "packs", GOOD.replace("宜红茶王", "宜红茶皇"))
    kept_engine((folder,), tmp_path / "kept")
    new = next(path for path in (tmp_path / "kept").iterdir() if path != old)
    old.replace(new)
    assert "宜红茶皇" in kept_engine((folder,), tmp_path / "kept").rules.entries


def test_packs_edited_while_they_are_loaded_are_not_kept_under_their_old_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, edited = write(tmp_path / "packs", GOOD), GOOD.replace("宜红茶王", "宜红茶皇")

    def load(*folders: Path) -> object:
        write(tmp_path / "packs", edited)
        return load_packs(*folders)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(kept, "load_packs", load)
        assert "宜红茶皇" in kept_engine((folder,), tmp_path / "kept").rules.entries
    write(tmp_path / "packs", GOOD)
    assert "宜红茶王" in kept_engine((folder,), tmp_path / "kept").rules.entries


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "packs", GOOD)
    kept_engine((folder,), tmp_path / "kept")
    (tmp_path / "kept").chmod(0o777)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(kept, "_Reader", None)
        assert kept_engine((folder,), tmp_path / "kept").packs
    only(tmp_path / "kept").unlink()
    assert kept_engine((folder,), tmp_path / "kept").packs
    assert not list((tmp_path / "kept").iterdir())


def test_what_a_killed_writer_left_goes(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o700)
    for name, age in ((".new-old", 7200), (".new-young", 60)):
        (tmp_path / "kept" / name).write_bytes(b"half")
        os.utime(tmp_path / "kept" / name, (time.time() - age,) * 2)
    kept_engine((write(tmp_path / "packs", GOOD),), tmp_path / "kept")
    assert {path.name for path in (tmp_path / "kept").iterdir() if path.name.startswith(".new")} == {".new-young"}


class Attack:
    """Would make a file if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return os.mkdir, (str(self.path),)


def test_a_planted_file_runs_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "packs", GOOD)
    whole = kept_engine((folder,), tmp_path / "kept").packs
    plant(only(tmp_path / "kept"), pickle.dumps(Attack(tmp_path / "ran")))
    assert kept_engine((folder,), tmp_path / "kept").packs == whole
    assert not (tmp_path / "ran").exists()


def test_a_file_of_another_user_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "packs", GOOD)
    kept_engine((folder,), tmp_path / "kept")

    def refuse(_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
    monkeypatch.setattr(kept, "_Reader", refuse)
    assert kept_engine((folder,), tmp_path / "kept").packs


def test_where_nothing_can_be_kept_everything_is_loaded(tmp_path: Path) -> None:
    folder = write(tmp_path / "packs", GOOD)
    (tmp_path / "file").write_text("", "utf-8")
    assert kept_engine((folder,), tmp_path / "file" / "kept").packs == kept_engine((folder,), None).packs


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    for number in range(kept.MOST + 3):
        folder = write(tmp_path / "packs", GOOD.replace("宜红茶王", f"宜红茶王{number}号"))
        kept_engine((folder,), tmp_path / "kept")
        os.utime(max((tmp_path / "kept").iterdir(), key=os.path.getctime), (number, number))
    assert len(list((tmp_path / "kept").iterdir())) == kept.MOST


def test_faults_are_told_each_time(tmp_path: Path) -> None:
    folder = write(tmp_path / "packs", GOOD.replace("any: [宜红茶王]", 'say: ["@没有"]'))
    for _ in range(2):
        with pytest.raises(PackErrors, match="没有名为"):
            kept_engine((folder,), tmp_path / "kept")
    with pytest.raises(PackErrors, match="规则目录不存在"):
        kept_engine((tmp_path / "none",), tmp_path / "kept")
    assert not (tmp_path / "kept").exists()
    good, empty = write(tmp_path / "good", GOOD), tmp_path / "empty"
    empty.mkdir()
    kept_engine((good,), tmp_path / "kept")
    for folder in (tmp_path / "none", empty):
        with pytest.raises(PackErrors, match="规则"):
            kept_engine((good, folder), tmp_path / "kept")
