"""A MongoDB replica set of three on loopback, whose members can be killed and come back."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from netpatrol.store.binary import find_mongod

NAME = "three"
ELECTION_MS = 2000
PATIENCE = 60


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


@dataclass
class ReplicaSet:
    """Three servers that elect one of them."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(3))
    processes: dict[int, subprocess.Popen] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The address that names all three."""
        return f"mongodb://{','.join(f'127.0.0.1:{port}' for port in self.ports)}/netpatrol?replicaSet={NAME}"

    def start(self) -> None:
        """Start all, make them a set, and wait for its primary."""
        for port in self.ports:
            self.start_one(port)
        members = [{"_id": number, "host": f"127.0.0.1:{port}"} for number, port in enumerate(self.ports)]
        settings = {"electionTimeoutMillis": ELECTION_MS, "heartbeatIntervalMillis": 500}
        for port in self.ports:  # a set is only begun with members that answer
            with self._client(port) as member:
                self._until(lambda member=member: member.admin.command("ping"))
        with self._client(self.ports[0]) as client:
            client.admin.command("replSetInitiate", {"_id": NAME, "members": members, "settings": settings})
        self.primary()

    def start_one(self, port: int) -> None:
        """Start one member, or start it again."""
        data = self.folder / str(port)
        data.mkdir(parents=True, exist_ok=True)
        command = [find_mongod(), "--dbpath", data, "--port", port, "--bind_ip", "127.0.0.1", "--replSet", NAME]
        command += ["--logpath", data / "log", "--nounixsocket", "--oplogSize", 64, "--wiredTigerCacheSizeGB", 0.25]
        command += ["--networkMessageCompressors", "snappy,zstd"]
        self.processes[port] = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)

    def primary(self) -> int:
        """Return the port of the primary, waiting until there is one that can be written to."""
        with self._client() as client:

            def writable() -> int:
                hello = client.admin.command("hello")
                return int(hello["primary"].rpartition(":")[2]) if hello.get("isWritablePrimary") else 0

            return int(self._until(writable))

    def kill_primary(self) -> int:
        """Kill the primary the hard way; return its port."""
        port = self.primary()
        self.processes[port].send_signal(signal.SIGKILL)
        self.processes[port].wait()
        return port

    def stop(self) -> None:
        """End all of them."""
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.wait()

    def _client(self, port: int = 0) -> MongoClient[dict[str, Any]]:
        if port:
            return MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=PATIENCE * 1000)
        return MongoClient(self.uri, serverSelectionTimeoutMS=PATIENCE * 1000)

    @staticmethod
    def _until(ready: Any) -> Any:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(PyMongoError):
                answer = ready()
                if answer:
                    return answer
            time.sleep(0.05)  # until the servers have agreed
        raise TimeoutError("the replica set has no primary")
