"""An import of the register that is killed at any of its changes: the register is the old one or the new one, and its record says which."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpatrol.entities.history import history, imports
from netpatrol.entities.importer import read_register
from netpatrol.entities.register import Register
from netpatrol.entities.updates import finish_broken_off, update_register
from tests.support.killed_imports import import_all
from tests.unit.entities.conftest import code

TREE = Path(__file__).parents[2]
HEADER = "名称,统一社会信用代码,登记状态\n"
STAYS, LEAVES, COMES = (code(f"MA00000{number}") for number in (1, 2, 3))


def states(home: Path) -> tuple[set[str], list[int], list[str]]:
    """Return who is registered, the numbers of the imports, and what became of who leaves."""
    register = Register.load(home)
    assert register is not None
    standing = {entity.uscc for entity in map(register.entity, range(len(register)))}
    return standing, [entry["number"] for entry in imports(home)], [event.change.kind for event in history(home, LEAVES)]


OLD = ({STAYS, LEAVES}, [1], [])
NEW = ({STAYS, COMES}, [1, 2], ["removed"])


def copies(homes: list[Path], folder: Path) -> Iterator[Path]:
    for home in homes:
        yield Path(shutil.copytree(home, folder / home.name))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """Return the file that was imported, and the homes of imports that were killed one change later each, the last nowhere."""
    folder = tmp_path_factory.mktemp("killed")
    first, second = folder / "first.csv", folder / "second.csv"
    first.write_text(f"{HEADER}宜昌青禾甲商贸有限公司,{STAYS},存续\n宜昌青禾乙商贸有限公司,{LEAVES},存续\n", "utf-8")
    second.write_text(f"{HEADER}宜昌青禾甲商贸有限公司,{STAYS},存续\n宜昌青禾丙商贸有限公司,{COMES},存续\n", "utf-8")
    (folder / "before").mkdir()
    update_register(folder / "before", read_register([first]), now=datetime(2026, 3, 4, 5, 6, tzinfo=UTC))
    command = [sys.executable, "-m", "tests.support.killed_imports", *map(str, (folder / "before", second, folder))]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, timeout=240, check=True)
    return second, list(map(Path, done.stdout.split()))


def test_whoever_reads_after_a_kill_sees_one_version_and_its_record(killed: tuple[Path, list[Path]], tmp_path: Path) -> None:
    seen = []
    for home in copies(killed[1], tmp_path):
        finish_broken_off(home)
        assert states(home) in (OLD, NEW), home.name
        seen.append(states(home))
    turn = seen.index(NEW)
    assert seen == [OLD] * turn + [NEW] * (len(seen) - turn)
    assert 10 < turn < len(seen) - 3, "kills on both sides of the switch"


def test_the_next_import_after_a_kill_ends_as_if_there_had_been_none(killed: tuple[Path, list[Path]], tmp_path: Path) -> None:
    file, homes = killed
    for home in copies(homes, tmp_path):
        import_all(home, file)
        standing, numbers, fate = states(home)
        assert (standing, fate) == (NEW[0], NEW[2]), home.name
        assert numbers == list(range(1, len(numbers) + 1)), home.name
        assert {path.suffix for path in (home / "register").iterdir() if path.is_file()} <= {"", ".jsonl", ".lock"}, home.name
