"""The embedded server: a real `mongod` of our own on loopback, started once and shared by all our processes.

It outlives the command that started it. `state.json` tells pid and port; it is believed only when the
server that answers there has that pid. One start at a time, by a file lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from netpatrol.errors import StoreError
from netpatrol.lasting import write_whole
from netpatrol.store.binary import explain_failure, find_mongod
from netpatrol.store.places import database_folder, private_folder

logger = logging.getLogger(__name__)

USER = "netpatrol"
REPLICA_SET = "netpatrol"
START_SECONDS = 60
STOP_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running embedded server."""

    pid: int
    port: int
    version: str
    folder: Path
    uri: str


def status(home: Path) -> Server | None:
    """Return the server that runs for this home, or None."""
    return _running(database_folder(home))


def start(home: Path) -> Server:
    """Return the running server of this home, started if need be; StoreError where it cannot run."""
    private_folder(home)
    folder = private_folder(database_folder(home))
    server = _running(folder)
    if server:
        return server
    with _locked(folder):
        server = _running(folder)
        if server is None:
            server = _start(folder)
            logger.info("内置数据库已启动，命令结束后仍在运行；要停：netpatrol db stop（NETPATROL_HOME=%s）", home)
        return server


def stop(home: Path) -> bool:
    """Stop the server cleanly and wait for its end; return whether one ran."""
    folder = database_folder(home)
    if not folder.is_dir():
        return False
    with _locked(folder):
        pid = _pid_of(folder)
        if not pid:
            return False
        os.kill(pid, signal.SIGTERM)
        _wait_for_end(pid)
        return True


# -- files -------------------------------------------------------------------------------------------


def _state_file(folder: Path) -> Path:
    return folder / "state.json"


def _read_state(folder: Path) -> dict[str, Any]:
    try:
        state = json.loads(_state_file(folder).read_text("utf-8"))
        return {"pid": int(state["pid"]), "port": int(state["port"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _secret(folder: Path, name: str, mode: int, length: int) -> str:
    path = folder / name
    if not path.exists():
        write_whole(path, secrets.token_hex(length).encode(), mode)
    return path.read_text("utf-8").strip()


def uri_file(home: Path) -> Path:
    """Return the file (0600) that holds the connection string, password included."""
    return database_folder(home) / "uri"


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the start lock; it falls by itself when the process dies."""
    with (folder / "start.lock").open("a") as file:
        until = time.monotonic() + START_SECONDS + STOP_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > until:
                    raise StoreError("另一个 netpatrol 进程一直占用启动锁（start lock is held too long）") from error
                time.sleep(0.05)
        yield


# -- processes ---------------------------------------------------------------------------------------


def is_alive(pid: int) -> bool:
    """Say whether a process runs; a zombie that nobody has reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return not Path("/proc/self").exists()


def _is_ours(pid: int, folder: Path) -> bool:
    """Say whether this pid is a server on this data folder: a pid may have been given away since."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return not Path("/proc/self").exists()  # elsewhere the server's own answer must do
    data = os.path.realpath(os.fsencode(folder / "data"))
    return any(os.path.realpath(word) == data for word in words if b"/" in word)


def _pid_of(folder: Path) -> int:
    # The lock of the data folder is the surest: whoever holds it is named there.
    noted = (
        _pid_in(folder / "data" / "mongod.lock"),
        _read_state(folder).get("pid", 0),
        _pid_in(folder / "mongod.pid"),
    )
    return next((pid for pid in noted if pid and is_alive(pid) and _is_ours(pid, folder)), 0)


def _pid_in(path: Path) -> int:
    try:
        return int(path.read_text("utf-8").strip())
    except (OSError, ValueError):
        return 0


def _wait_for_end(pid: int) -> None:
    until = time.monotonic() + STOP_SECONDS
    while is_alive(pid):
        if time.monotonic() > until:
            raise StoreError(f"mongod（进程 {pid}）没有按时停止（did not stop in time）")
        time.sleep(0.05)


# -- start -------------------------------------------------------------------------------------------


def _running(folder: Path) -> Server | None:
    state = _read_state(folder)
    if not state or not is_alive(state["pid"]) or not _is_ours(state["pid"], folder):
        return None
    from pymongo.errors import PyMongoError

    try:
        with contextlib.closing(_client(folder, state["port"])) as client:
            answer = client.admin.command("serverStatus", metrics=0, wiredTiger=0, locks=0)
            if int(answer["pid"]) != state["pid"] or not client.admin.command("hello").get("isWritablePrimary"):
                return None
    except (PyMongoError, OSError):
        return None
    return Server(**state, version=str(answer["version"]), folder=folder, uri=_uri(folder, state["port"]))


def _start(folder: Path) -> Server:
    _end_unreachable(folder)
    program = find_mongod()
    private_folder(folder / "data")
    _secret(folder, "keyfile", 0o400, 256)
    _secret(folder, "password", 0o600, 24)
    port = _launch(program, folder)
    pid = _pid_in(folder / "mongod.pid")
    _prepare(folder, port)
    write_whole(_state_file(folder), json.dumps({"pid": pid, "port": port}).encode(), 0o600)
    write_whole(folder / "uri", f"{_uri(folder, port)}\n".encode(), 0o600)
    server = _running(folder)
    if not server:
        raise StoreError(f"内置数据库没有就绪，详见 {folder / 'mongod.log'}（embedded server is not ready）")
    return server


def _end_unreachable(folder: Path) -> None:
    """End a server of ours that runs but was never finished: its starter was killed half-way."""
    pid = _pid_of(folder)
    if pid:
        os.kill(pid, signal.SIGTERM)
        _wait_for_end(pid)


def _launch(program: Path, folder: Path) -> int:
    """Start the server and return its port. `--fork` makes it a daemon, and returns when it listens."""
    wanted, message = _last_port(folder), ""
    for _ in range(5):
        port = _free_port(wanted)
        try:
            done = subprocess.run(  # noqa: S603
                _arguments(program, folder, port),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=START_SECONDS,
                check=False,
                cwd=folder,
            )
        except subprocess.TimeoutExpired as error:
            raise StoreError(f"mongod 启动超时，详见 {folder / 'mongod.log'}（mongod start timed out）") from error
        if done.returncode == 0:
            return port
        output = (done.stderr + done.stdout).decode("utf-8", "replace")
        message = explain_failure(done.returncode, output)
        if done.returncode != 48:  # 48: the address was taken meanwhile
            break
        wanted = 0
    fault = _last_fault(folder)
    if '"error": 28' in fault or "No space left" in fault + message or shutil.disk_usage(folder).free < _NO_ROOM:
        raise StoreError(f"磁盘已满，数据库不能启动：{folder}（disk is full）")
    raise StoreError(f"{message} {fault}".strip())


_NO_ROOM = 4_000_000  # bytes: with less, the server cannot even log why it does not start


def _arguments(program: Path, folder: Path, port: int) -> list[str]:
    options = {
        "--dbpath": folder / "data",
        "--logpath": folder / "mongod.log",
        "--pidfilepath": folder / "mongod.pid",
        "--keyFile": folder / "keyfile",
        "--bind_ip": "127.0.0.1",
        "--port": port,
        "--replSet": REPLICA_SET,
        "--oplogSize": 256,
        # The zlib of this server version leaks memory to clients that have not logged in.
        "--networkMessageCompressors": "snappy,zstd",
        "--wiredTigerCacheSizeGB": 0.25,
    }
    words = [str(word) for pair in options.items() for word in pair]
    return [str(program), "--fork", "--auth", "--logappend", "--nounixsocket", *words]


def _last_port(folder: Path) -> int:
    """Return the port of last time: keeping it spares the replica set a new address."""
    return int(_read_state(folder).get("port", 0))


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            # As mongod does: connections of the last server that are still closing do not matter.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise StoreError("没有空闲的本机端口（no free port on loopback）")


def _last_fault(folder: Path) -> str:
    """Return the last error of the server's log, for the message."""
    try:
        lines = (folder / "mongod.log").read_text("utf-8", "replace").splitlines()[-40:]
    except OSError:
        return ""
    for line in reversed(lines):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            if entry["s"] in ("E", "F"):
                return f"日志：{entry['msg']} {json.dumps(entry.get('attr', {}), ensure_ascii=False)[:300]}"
    return ""


# -- set up ------------------------------------------------------------------------------------------


def _password(folder: Path) -> str:
    path = folder / "password"
    try:
        password = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise StoreError(f"读不到数据库密码文件 {path}（cannot read the password file）") from error
    if not password:
        raise StoreError(f"数据库密码文件 {path} 是空的，{_mend(folder)}（the password file is empty）")
    return password


def _mend(folder: Path) -> str:
    return f"数据仍在：从备份取回这个文件，或取 {folder / 'uri'} 里的密码写进去"


def _uri(folder: Path, port: int) -> str:
    return f"mongodb://{USER}:{quote(_password(folder))}@127.0.0.1:{port}/?authSource=admin&replicaSet={REPLICA_SET}"


def _client(folder: Path, port: int, *, login: bool = True) -> Any:
    from pymongo import MongoClient

    account: dict[str, Any] = {"username": USER, "password": _password(folder), "authSource": "admin"} if login else {}
    return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=5000, **account)


def _prepare(folder: Path, port: int) -> None:
    """Make the replica set and the user where they are missing, or tell the set of a new port."""
    from pymongo.errors import OperationFailure, PyMongoError

    try:
        try:
            with contextlib.closing(_client(folder, port)) as client:
                client.admin.command("serverStatus")
                _take_address(client, port)
        except OperationFailure as error:
            if error.code != 18:  # 18: no such user yet, so this is the first start, or it was cut short
                raise
            _first_start(folder, port)
    except PyMongoError as error:
        raise StoreError(f"内置数据库初始化失败：{error}（cannot set up the embedded server）") from error


def _take_address(client: Any, port: int) -> None:
    config = _replica_config(client)
    address = f"127.0.0.1:{port}"
    if config["members"][0]["host"] != address:
        config["members"][0]["host"] = address
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
    _wait_for_primary(client)


def _replica_config(client: Any) -> Any:
    """Return the set's configuration; the server reads it a moment after it starts to listen."""
    from pymongo.errors import OperationFailure

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            return client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != 94 or time.monotonic() > until:  # 94: not read yet
                raise
            time.sleep(0.05)


def _first_start(folder: Path, port: int) -> None:
    from pymongo.errors import OperationFailure

    members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
    with contextlib.closing(_client(folder, port, login=False)) as client:
        try:
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        except OperationFailure as error:
            if error.code == 13:  # who may come in without an account is nobody once there is one
                raise StoreError(f"数据库密码文件 {folder / 'password'} 里的密码不对，{_mend(folder)}（wrong password file）") from error
            if error.code != 23:  # 23: already made, before a start that was cut short
                raise
    # A client made before the set existed does not know its sessions.
    with contextlib.closing(_client(folder, port, login=False)) as client:
        _wait_for_primary(client)
        client.admin.command("createUser", USER, pwd=_password(folder), roles=["root"])


def _wait_for_primary(client: Any) -> None:
    until = time.monotonic() + START_SECONDS
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > until:
            raise StoreError("内置数据库没有成为主节点（embedded server did not become primary）")
        time.sleep(0.05)


def describe(server: Server) -> dict[str, Any]:
    """Return what `db status` shows; no password."""
    return {**asdict(server), "folder": str(server.folder), "uri": server.uri.replace(_password(server.folder), "***")}
