"""Which hosts are internal. Every spelling of an address counts: decimal, octal, hexadecimal, mapped, embedded."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_INTERNAL_NAMES = re.compile(
    r"(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|onion|test)$|^[^.:]*$|"
    r"(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|traefik\.me|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|localho\.st|rbndr\.us)$"
)
"""Names of what is inside, and services whose names stand for whatever address they spell, this machine's among them: no shop
is there, and where a proxy looks names up we could not tell.
"""
_NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)$")
_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All that IPv6 has given out to the public; the rest is special, reserved or of another age (fec0::, 5f00::)."""


def literal_address(host: str) -> Address | None:
    """Return the address that a host spells out, in any of the forms that C libraries and browsers accept.

    `2130706433`, `0x7f.1`, `0177.0.0.1` and `[::ffff:127.0.0.1]` all are 127.0.0.1; None for names.
    """
    host = host.strip().strip("[]").rstrip(".").partition("%")[0].translate(_FULL_WIDTH)
    try:
        address: Address = ipaddress.ip_address(host)
    except ValueError:
        return _inet_aton(host)
    return _embedded(address)


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．。｡", "0123456789...")


def _inet_aton(host: str) -> ipaddress.IPv4Address | None:
    parts = host.split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.match(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    value = 0
    for at, number in enumerate(numbers):
        last = at == len(numbers) - 1
        if number >= (1 << 8 * (5 - len(numbers)) if last else 256):
            return None
        value += number if last else number << 8 * (3 - at)
    return ipaddress.IPv4Address(value)


def _number(part: str) -> int:
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    return int(part, 8) if part[0] == "0" and len(part) > 1 else int(part)


def _embedded(address: Address) -> Address:
    """Return the IPv4 address inside an IPv6 one (mapped, 6to4, Teredo server side is not needed), else itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour:
            return address.ipv4_mapped or address.sixtofour or address
        if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public_address(address: Address) -> bool:
    """Whether an address belongs to the public internet."""
    address = _embedded(address)
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast


def check_entries(entries: Iterable[str]) -> None:
    """Raise ValueError for the first entry of an operator's list that is neither name, address nor network."""
    for entry in entries:
        bare = entry.strip("[]").lower().rstrip(".")
        try:
            ipaddress.ip_network(bare, strict=False)
        except ValueError as error:
            if not _NAME.fullmatch(bare) or _NUMBER.match(bare.rpartition(".")[2]):
                raise ValueError(f"里的 {entry!r} 不是主机名、地址或网段（如 10.1.0.0/16）") from error


@dataclass(frozen=True, slots=True)
class Gate:
    """Says which hosts may be asked: public ones, and what an operator allowed by name, address or network."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> Gate:
        """Make a gate from entries of NETPATROL_ALLOWED_INTERNAL: names, addresses, networks in CIDR form."""
        names, networks = set(), []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                names.add(entry.lower().rstrip("."))
        return cls(frozenset(names), tuple(networks))

    def lets(self, host: str) -> bool:
        """Whether a host may be asked, judged by its spelling alone (names are judged again when resolved)."""
        host = host.lower().rstrip(".")
        if not host:
            return False
        address = literal_address(host)
        if address is not None:
            return self.lets_address(address)
        return host in self.names or not _INTERNAL_NAMES.search(host)

    def names_it(self, host: str) -> bool:
        """Whether an operator allowed a host by name, address or network; public ones need nobody's leave."""
        address = literal_address(host)
        return host in self.names or (address is not None and any(address in network for network in self.networks))

    def lets_address(self, address: Address) -> bool:
        """Whether an address may be connected to."""
        return is_public_address(address) or any(address in network for network in self.networks)
