from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from netpatrol.errors import EvidenceError
from netpatrol.evidence.foreign import dechunk, inflate, read_warc
from netpatrol.items import PageItem, Problem

BODY = "<p>国家级配方</p>".encode("gbk")
CHUNKED = {"Transfer-Encoding": "chunked"}


def _record(number: int, block: bytes, length: int | None = None, **headers: str) -> bytes:
    named = {
        "WARC-Type": "response",
        "WARC-Target-URI": f"http://tea.example/{number}",
        "WARC-Date": "2026-01-15T04:00:00Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _answer(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body


def _read(tmp_path: Path, data: bytes) -> tuple[list[PageItem], list[Problem]]:
    path = tmp_path / "foreign.warc"
    path.write_bytes(data)
    found = list(read_warc(path))
    return [one for one in found if isinstance(one, PageItem)], [one for one in found if isinstance(one, Problem)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(BODY, id="already plain"),
        pytest.param(b"%x\r\n" % len(BODY) + BODY + b"\r\n0\r\n\r\n", id="chunked"),
        pytest.param(
            b"5\r\n" + BODY[:5] + b"\r\n%X;ext=1\r\n" % len(BODY[5:]) + BODY[5:] + b"\r\n0\r\n\r\n", id="two chunks"
        ),
        pytest.param(b"%x\r\n" % len(BODY) + BODY + b"\r\n00000000\r\n\r\n", id="zero-padded last chunk"),
        pytest.param(
            b"%08x\r\n" % len(BODY) + BODY + b"\r\n0\r\nX-Trailer: 1\r\n\r\nrest", id="text after the last chunk"
        ),
        pytest.param(b"%x\r\n" % len(BODY) + BODY, id="no last chunk"),
        pytest.param(b"%x \r\n" % len(BODY) + BODY + b"\r\n0\r\n", id="space after the length"),
    ],
)
def test_chunked_or_not_the_body_is_read(tmp_path: Path, body: bytes) -> None:
    pages, problems = _read(tmp_path, _record(1, _answer(body, "Transfer-Encoding: chunked")))
    assert [page.body for page in pages] == [BODY]
    assert not problems


@pytest.mark.parametrize("text", [b"12\r\nyuan", b"cafe\r\n", b"<p>1\r\n</p>", b""])
def test_a_plain_body_that_looks_chunked_is_left(text: bytes) -> None:
    assert dechunk(text, CHUNKED) == text


@pytest.mark.parametrize("off", [-7, -1, 1, 2, 9, 10_000, 10**17], ids=str)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_wrong_length_never_costs_the_records_after_it(tmp_path: Path, off: int, packed: bool) -> None:
    block = _answer(BODY)
    records = [_record(1, block), _record(2, block, len(block) + off), _record(3, block), _record(4, block)]
    pages, problems = _read(tmp_path, b"".join(map(gzip.compress, records) if packed else records))
    assert [page.url[-1] for page in pages] == ["1", "2", "3", "4"]
    assert [page.body for page in pages] == [BODY] * 4
    assert ["Content-Length 有误" in problem.detail for problem in problems] == [True]


def test_a_torn_member_never_costs_those_after_it(tmp_path: Path) -> None:
    first, second, third = (gzip.compress(_record(number, _answer(BODY))) for number in (1, 2, 3))
    pages, problems = _read(tmp_path, first + second[: len(second) // 2] + third)
    assert [page.url[-1] for page in pages if page.body == BODY][0::1][-1] == "3"
    assert pages[0].url[-1] == "1"
    assert problems


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1f\x8b", b"nonsense", b"WARC/1.0\r\n", b"WARC/1.0\r\nContent-Length: x\r\n\r\n", b"\x1f\x8b\x08" * 500],
    ids=["empty", "gzip start", "nonsense", "no header", "bad length", "false members"],
)
def test_nonsense_is_no_page(tmp_path: Path, data: bytes) -> None:
    pages, _ = _read(tmp_path, data)
    assert pages == []


@pytest.mark.parametrize(
    ("headers", "warc", "truncated"),
    [
        pytest.param((), {"WARC_Truncated": "length"}, "length", id="flagged"),
        pytest.param((), {"WARC_Truncated": "\x1b[2J"}, "unspecified", id="flagged with nonsense"),
        pytest.param((f"Content-Length: {len(BODY) + 100}",), {}, "disconnect", id="cut and not flagged"),
        pytest.param((f"Content-Length: {len(BODY)}",), {}, "", id="whole"),
        pytest.param((), {}, "", id="no length"),
    ],
)
def test_cut_captures_are_flagged(
    tmp_path: Path, headers: tuple[str, ...], warc: dict[str, str], truncated: str
) -> None:
    pages, _ = _read(tmp_path, _record(1, _answer(BODY, *headers), **warc))
    assert [page.truncated for page in pages] == [truncated]


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("gzip", BODY),
        ("br", BODY),
    ],
    ids=["gzip", "zlib", "raw deflate", "gzip that is none", "unknown"],
)
def test_content_codings(coding: str, body: bytes) -> None:
    assert inflate(body, {"Content-Encoding": coding}) == BODY


def test_bombs_are_bounded() -> None:
    bomb = gzip.compress(b"\0" * 80_000_000)
    assert len(inflate(bomb, {"Content-Encoding": "gzip"})) == 64_000_000


def test_many_members_take_linear_time(tmp_path: Path) -> None:
    member = gzip.compress(_record(1, _answer(BODY)))
    pages, problems = _read(tmp_path, member * 3000)
    assert len(pages) == 3000
    assert not problems


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"none\.warc"):
        list(read_warc(tmp_path / "none.warc"))
