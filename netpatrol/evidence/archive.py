"""The layout of an evidence folder, and the register of its chains.

warc/<chain>-00001.warc.gz   records
chains/<chain>.jsonl .head   manifests, chained
chains/register.jsonl .head  which chains were opened and closed, chained itself
torn/                        what a killed writer left unfinished, kept apart
archive.id                   the id of this archive among those that share a database; the register says it too
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpatrol.errors import EvidenceError
from netpatrol.evidence.chain import ChainFile, exclusive, read_lines
from netpatrol.items import EvidenceRef
from netpatrol.lasting import write_whole

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """An evidence folder."""

    folder: Path

    @property
    def chains(self) -> Path:
        """Return the folder of chains."""
        return self.folder / "chains"

    @property
    def register(self) -> Path:
        """Return the register of chains."""
        return self.chains / "register.jsonl"

    @property
    def id_file(self) -> Path:
        """Return the file that holds the id."""
        return self.folder / "archive.id"

    @property
    def archive_id(self) -> str:
        """Return the id of the archive, "" where nothing was kept in it since archives have one."""
        try:
            return self.id_file.read_bytes().decode("ascii", "replace").strip()
        except OSError:
            return next(iter(self.registered_ids()), "")

    def registered_ids(self) -> tuple[str, ...]:
        """Return the ids under which chains of this archive were opened: one, if nobody meddled."""
        opened = (state.details.get("archive") for state in chain_states(self).values())
        return tuple(dict.fromkeys(str(archive) for archive in opened if archive))

    def named(self) -> str:
        """Return the id of the archive, made now where it has none; what the register says counts for more than the file."""
        with exclusive(self.chains / "register.lock"):
            held = self.archive_id
            wanted = next(iter(self.registered_ids()), held if _ID.fullmatch(held) else secrets.token_hex(8))
            if held != wanted or not self.id_file.exists():
                write_whole(self.id_file, f"{wanted}\n".encode("ascii"))
        return wanted

    def chain(self, name: str) -> Path:
        """Return the file of a chain."""
        return self.chains / f"{name}.jsonl"

    def warc(self, name: str) -> Path:
        """Return a WARC file by the name that manifests use."""
        return self.folder / name

    def enter(self, entry: Mapping[str, Any]) -> None:
        """Append an entry to the register; safe with several processes at once."""
        with exclusive(self.chains / "register.lock"):
            register = ChainFile(self.register)
            try:
                register.append((entry,))
            finally:
                register.close()

    @contextlib.contextmanager
    def tidying(self) -> Iterator[None]:
        """Hold what only one process at a time may do: to begin a chain, and to end those of dead writers."""
        with exclusive(self.folder / "recover.lock"):
            yield

    def begin(self, name: str, entry: Mapping[str, Any]) -> ChainFile:
        """Make a chain and enter it in the register; where that fails, nothing is left of it."""
        with self.tidying():
            chain = ChainFile(self.chain(name))
            try:
                self.enter(entry)
            except BaseException:
                chain.discard()
                raise
        return chain

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield all manifests of all chains that can be read, chain by chain; see `verify` for whether they hold."""
        for name in sorted(chain_states(self)):
            for line in read_lines(self.chain(name))[0]:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry


class ElsewhereError(EvidenceError):
    """A capture that another archive holds: nothing is wrong with it, but it is not here."""

    exit_code = 2

    def __init__(self, ref: EvidenceRef) -> None:
        self.ref = ref
        super().__init__(f"固证 {ref.evidence_id} 不在当前存档中，存放在存档 {ref.archive}（capture lies in another archive）")


def need_here(archive: Archive, ref: EvidenceRef) -> None:
    """Raise ElsewhereError where a reference says that another archive holds the capture."""
    if ref.archive and ref.archive != archive.archive_id:
        raise ElsewhereError(ref)


@dataclass(slots=True)
class ChainState:
    """What the register says of one chain."""

    opened: bool = False
    closed: bool = False
    count: int = 0
    last: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def chain_states(archive: Archive) -> dict[str, ChainState]:
    """Return the chains that the register names."""
    states: dict[str, ChainState] = {}
    for line in read_lines(archive.register)[0]:
        try:
            entry = json.loads(line)
            state = states.setdefault(str(entry["chain"]), ChainState())
            if entry["type"] == "open":
                state.opened, state.details = True, entry
            else:
                state.closed, state.count, state.last = True, int(entry["count"]), str(entry["last"])
        except (ValueError, KeyError, TypeError):
            continue
    return states
