from __future__ import annotations

import pytest

from netpatrol.store.hosts import address_of, host_of, several, without_password


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("http://www.Tea.example/", "www.tea.example"),
        (" tea.example ", "tea.example"),
        ("tea.example.", "tea.example"),
        ("TEA.EXAMPLE", "tea.example"),
        ("tea.example:8080/x?y", "tea.example"),
        ("XN--47-SL6C061B5SU260C.EXAMPLE", "xn--47-sl6c061b5su260c.example"),
        ("清和茶.example", "xn--0trr60db5o.example"),
        ("http:／／tea。example", "tea.example"),
        ("\ufeffhttps://user:pw@tea.example/p", "tea.example"),
        ("//tea.example/x", "tea.example"),
        ("http://[2001:db8::1]:80/", "2001:db8::1"),
    ],
)
def test_a_host_has_one_spelling(written: str, host: str) -> None:
    assert host_of(written) == host


@pytest.mark.parametrize(
    "written",
    ["", "not a domain", "无", "localhost", "a..b", "-x.example", "x" * 64 + ".example", "1.2.3", "http://", "。"],
)
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="域名"):
        host_of(written)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("tea.example.", "http://tea.example/"),
        ("HTTPS://Tea.Example/Shop/1?id=2", "https://tea.example/Shop/1?id=2"),
        ("tea.example:8080/x", "http://tea.example:8080/x"),
        ("http://tea.example:80", "http://tea.example/"),
        ("//tea.example/x", "http://tea.example/x"),
        ("http//tea.example/x", "http://tea.example/x"),
        ("https//tea.example/x", "http://tea.example/x"),
        ("http.example/x", "http://http.example/x"),
    ],
)
def test_addresses_of_lists(written: str, url: str) -> None:
    assert address_of(written) == url


@pytest.mark.parametrize("written", ["tea.example、honey.example", "tea.example，honey.example", "tea.example honey.example", "tea.example;b.example"])
def test_two_names_are_no_third_one(written: str) -> None:
    with pytest.raises(ValueError, match="不止一个"):
        address_of(written)
    assert len(several(written)) == 2


@pytest.mark.parametrize("written", ["tea.example", "http://tea.example/a,b", "tea.example 已注销", "http://tea.example/?q=a;b", "", "tea.example/x,y"])
def test_one_name_is_one(written: str) -> None:
    assert several(written) == (written,)


@pytest.mark.parametrize("written", ["http://tea.example/\x1b[31m", "http://tea.example/a\x00b", "http://tea.example/\x9b"])
def test_an_address_that_would_drive_a_terminal_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="控制字符"):
        address_of(written)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("mailto:a@b.example", "mailto:"),
        ("javascript:alert(1)", "javascript:"),
        ("FTP://tea.example/x", "FTP://"),
        ("custom://tea.example/", "custom://"),
        ("http://user:pw@tea.example/", "用户名或口令"),
        ("user@tea.example", "电子邮件"),
        ("http://tea.example:99999/", "端口无效"),
        ("http://tea.example/" + "x" * 2000, "超过 2000 个字符"),
    ],
)
def test_what_is_no_address_of_a_page_says_why(written: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        address_of(written)


@pytest.mark.parametrize("written", ["茶" * 500_000 + ".example", "a." * 500_000, "茶." * 300_000, "http://" + "茶" * 500_000])
def test_a_host_of_a_megabyte_is_refused_at_once(written: str) -> None:
    with pytest.raises(ValueError, match="过长"):
        host_of(written)


def test_addresses_that_are_mistyped_or_hold_an_at_sign_in_the_path_pass() -> None:
    assert address_of("htttp://tea.example/@shop") == "http://tea.example/@shop"


def test_a_password_is_not_told() -> None:
    assert without_password("第 2 行：http://user:geheim@tea.example/") == "第 2 行：http://user:***@tea.example/"
