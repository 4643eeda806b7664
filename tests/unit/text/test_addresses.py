"""No spelling of an internal address gets through."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.text.addresses import Gate, literal_address

INTERNAL = [
    "127.0.0.1", "localhost", "LOCALHOST.", "a.localhost", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254",
    "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "017700000001", "[::1]", "::1",
    "[::ffff:127.0.0.1]", "::ffff:7f00:1", "[::]", "fe80::1", "fc00::1", "[fd00:ec2::254]", "64:ff9b::7f00:1", "2002:7f00:1::",
    "::127.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "printer", "nas.local", "db.internal", "router.lan",
    "１２７.０.０.１", "127。0。0。1", "", "[fec0::1]", "[::ffff:0:10.0.0.1]", "[5f00::1]",
    "127.0.0.1.nip.io", "10-0-0-1.sslip.io", "localtest.me", "shop.lvh.me", "7f000001.c0a80001.rbndr.us",
]  # fmt: skip
PUBLIC = ["www.a.example", "8.8.8.8", "2606:4700::1111", "xn--fiq228c.example", "1.1", "a-1.cn", "nip.io.example", "mynip.io"]


@pytest.mark.parametrize("host", INTERNAL)
def test_internal_hosts_are_refused(host):
    assert not Gate().lets(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_public_hosts_pass(host):
    assert Gate().lets(host)


def test_an_operator_can_allow_names_addresses_and_networks():
    gate = Gate.allowing(["intranet-shop", "10.1.0.0/16", "127.0.0.1"])
    assert gate.lets("intranet-shop") and gate.lets("10.1.2.3") and gate.lets("0x7f000001")
    assert not gate.lets("10.2.0.1") and not gate.lets("nas.local") and not gate.lets("127.0.0.2")


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_every_numeric_spelling_is_the_same_address(value):
    address = ipaddress.IPv4Address(value)
    octets = str(address).split(".")
    spellings = [str(address), str(value), hex(value), "0" + oct(value)[2:], ".".join(map(hex, map(int, octets)))]
    assert {literal_address(spelling) for spelling in spellings} == {address}


@given(st.text())
def test_hosts_of_any_kind_raise_nothing(host):
    Gate().lets(host)
