"""The layout of an evidence folder, and the register of its chains.

warc/<chain>-00001.warc.gz   records
chains/<chain>.jsonl .head   manifests, chained
chains/register.jsonl .head  which chains were opened and closed, chained itself
torn/                        what a killed writer left unfinished, kept apart
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpatrol.evidence.chain import ChainFile, exclusive, read_lines


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
