"""Files that are whole or absent."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from netpatrol.lasting import is_alive, write_whole


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_whole(path, b"one", 0o400)
    write_whole(path, b"two", 0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), os.listdir(tmp_path)) == (b"two", 0o600, ["state"])


def test_what_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "state" / "within").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "state", b"one")
    assert os.listdir(tmp_path) == ["state"]


def test_what_a_killed_writer_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(60)
    for owner in (gone.pid, os.getppid(), "copy"):
        (tmp_path / f"state.{owner}.tmp").write_bytes(b"hal")
    write_whole(tmp_path / "state", b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {"state", f"state.{os.getppid()}.tmp"}


@pytest.mark.parametrize("pid", ["0", "-1", "", "x", str(2**70)])
def test_numbers_that_are_no_process(pid: str) -> None:
    assert not is_alive(pid)
