from __future__ import annotations

import contextlib
import multiprocessing
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from netpatrol.errors import EvidenceError
from netpatrol.evidence import writer as writing
from netpatrol.evidence.reading import captures, find_manifest, read_capture
from netpatrol.evidence.verify import verify
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import EvidenceRef, PageItem, Rendered

Maker = Callable[..., PageItem]


def _warcs(folder: Path) -> list[Path]:
    return sorted(folder.glob("warc/*"))


def test_a_page_comes_back_as_it_was(folder: Path, make_page: Maker) -> None:
    page = make_page(redirects=("http://tea.example/old",), found_via="link", ip_address="203.0.113.5")
    with EvidenceWriter(folder, "r1") as writer:
        ref = writer.preserve(page)
        assert read_capture(folder, ref) == page
    assert read_capture(folder, ref) == page


def test_a_rendered_page_and_its_screenshot_come_back(folder: Path, make_page: Maker) -> None:
    page = make_page(rendered=Rendered(html="<p>国家级</p>", screenshot=b"\x89PNG\r\n", engine="chromium 156"))
    with EvidenceWriter(folder, "r1") as writer:
        assert read_capture(folder, writer.preserve(page)) == page


def test_others_can_read_and_check_the_files(archive: tuple[Path, tuple[EvidenceRef, ...]]) -> None:
    folder, refs = archive
    [path] = _warcs(folder)

    class Arguments:
        inputs = (str(path),)
        verbose = False

    checker = Checker(Arguments)
    checker.process_all()
    assert checker.exit_value == 0
    with path.open("rb") as file:
        found = [(record.rec_type, record.rec_headers["WARC-Target-URI"]) for record in ArchiveIterator(file)]
    assert found[0] == ("warcinfo", None)
    assert found[1:3] == [("request", "http://tea.example/0"), ("response", "http://tea.example/0")]
    with path.open("rb") as file:
        file.seek(refs[3].warc_offset)
        record = next(iter(ArchiveIterator(file)))
        assert record.content_stream().read().decode("gbk") == "国家级配方，第3号"
        assert record.rec_headers["WARC-Date"] == "2026-01-15T04:00:00.123456Z"


def test_headers_that_are_untrue_of_the_body_are_left_out(folder: Path, make_page: Maker) -> None:
    sent = {
        "Content-Encoding": "gzip",
        "Transfer-Encoding": "chunked",
        "content-length": "9",
        "X": "茶\r\nEvil: 1",
        "a b": "1",
    }
    page = make_page(headers=sent, request_headers={"Cookie": "secret", "Authorization": "secret"}, truncated="disconnect")
    with EvidenceWriter(folder, "r1") as writer:
        ref = writer.preserve(page)
    with _warcs(folder)[0].open("rb") as file:
        records = [(r.rec_type, r.http_headers, r.rec_headers) for r in ArchiveIterator(file, no_record_parse=False)]
    _, request, _ = records[1]
    _, response, headers = records[2]
    assert dict(response.headers) == {"X": "%E8%8C%B6 Evil: 1", "Content-Length": str(len(page.body))}
    assert headers["WARC-Truncated"] == "disconnect"
    assert "secret" not in str(request) + str(find_manifest(folder, ref))


@pytest.mark.parametrize(
    "url",
    ["http://tea.example/茶 叶?q=\r\nX: 1", "http://tea.example/\ud800", "http://tea.example/#frag", "about:blank", ""],
    ids=["line break", "surrogate", "fragment", "no host", "empty"],
)
def test_hostile_addresses_are_kept(folder: Path, make_page: Maker, url: str) -> None:
    with EvidenceWriter(folder, "r1") as writer:
        writer.preserve(make_page(url=url, final_url=url))
    assert verify(folder).ok
    with _warcs(folder)[0].open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == ["warcinfo", "request", "response"]


def test_files_are_rotated_by_size(folder: Path, make_page: Maker) -> None:
    with EvidenceWriter(folder, "r1", max_bytes=1500) as writer:
        refs = [writer.preserve(make_page(number)) for number in range(6)]
    assert len(_warcs(folder)) == len({ref.warc_file for ref in refs}) > 1
    assert [read_capture(folder, ref).url[-1] for ref in refs] == list("012345")
    assert verify(folder, refs).ok


def test_ids_sort_by_the_time_of_the_page(folder: Path, make_page: Maker) -> None:
    later = datetime(2026, 1, 15, 4, 0, 1, tzinfo=UTC)
    with EvidenceWriter(folder, "r1") as writer:
        newer, older = writer.preserve(make_page(1, fetched_at=later)), writer.preserve(make_page(2))
    assert older.evidence_id < newer.evidence_id
    assert older.evidence_id.startswith("20260115040000123-")


def test_each_capture_names_the_one_before(archive: tuple[Path, tuple[EvidenceRef, ...]]) -> None:
    folder, refs = archive
    assert [ref.previous for ref in refs[1:]] == [ref.manifest_sha256 for ref in refs[:-1]]
    assert [ref for ref, _ in captures(folder)] == list(refs)


def test_writers_of_several_threads_and_processes_never_fork_a_chain(folder: Path, make_page: Maker) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_preserve_ten, args=(folder, make_page(number))) for number in range(3)]
    for process in processes:
        process.start()
    with EvidenceWriter(folder, "threads") as writer:
        threads = [Thread(target=lambda n=n: [writer.preserve(make_page(n)) for _ in range(10)]) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for process in processes:
        process.join()
    report = verify(folder)
    assert report.ok, report.faults
    assert report.captures == 60


def _preserve_ten(folder: Path, page: PageItem) -> None:
    with EvidenceWriter(folder, "process") as writer:
        for _ in range(10):
            writer.preserve(page)


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_an_error_and_leaves_the_archive_whole(
    folder: Path, make_page: Maker, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with EvidenceWriter(folder, "r1") as writer:
        first = writer.preserve(make_page(1))
        with monkeypatch.context() as patch:
            if call == "fsync":
                patch.setattr(writing.os, "fsync", full)
            else:
                patch.setattr(writer, "_file", _Full(writer._file, full))
            with pytest.raises(EvidenceError, match="磁盘已满"):
                writer.preserve(make_page(2))
        second = writer.preserve(make_page(3))
    report = verify(folder, (first, second))
    assert report.ok, report.faults
    assert report.captures == 2


class _Full:
    """A file that takes half of what is written, and then no more."""

    def __init__(self, file: object, full: Callable[..., int]) -> None:
        self._file, self._full, self._written = file, full, False

    def write(self, data: bytes) -> int:
        if self._written:
            return self._full()
        self._written = True
        return self._file.write(data[: len(data) // 2])  # type: ignore[attr-defined,no-any-return]

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


@pytest.mark.parametrize("size", range(0, 6000, 150))
def test_a_disk_that_is_full_at_any_byte_leaves_the_archive_whole(folder: Path, make_page: Maker, size: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with EvidenceWriter(folder, "r1") as writer:
        kept = []
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            for number in range(4):
                with contextlib.suppress(EvidenceError):
                    kept.append(writer.preserve(make_page(number)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        kept.append(writer.preserve(make_page(9)))
    report = verify(folder, kept)
    assert report.faults == ()
    assert report.captures == len(kept)
    assert [read_capture(folder, ref).url for ref in kept][-1] == "http://tea.example/9"


def test_what_is_chained_stays_when_the_head_cannot_be_written(folder: Path, make_page: Maker) -> None:
    with EvidenceWriter(folder, "r1") as writer:
        draft = folder / "chains" / f"{writer.name}.head.tmp"
        draft.mkdir()
        refs = [writer.preserve(make_page(1)), writer.preserve(make_page(2))]
        draft.rmdir()
    assert verify(folder, refs).faults == ()


def test_a_disk_that_is_full_at_the_end_too_leaves_an_archive_that_the_next_writer_ends(folder: Path, make_page: Maker) -> None:
    """Whatever of chain, head and register could be written last."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in range(0, 3000, 100):
        writer = EvidenceWriter(folder / str(size), "r1")
        kept = [writer.preserve(make_page(1))]
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            for number in range(2, 5):
                with contextlib.suppress(EvidenceError):
                    kept.append(writer.preserve(make_page(number)))
            with contextlib.suppress(EvidenceError):
                writer.close()
            with contextlib.suppress(EvidenceError):
                EvidenceWriter(folder / str(size), "refused").close()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert verify(folder / str(size), kept).faults == (), size
        EvidenceWriter(folder / str(size), "next").close()
        report = verify(folder / str(size), kept)
        assert (report.faults, report.notes) == ((), ()), size


def _made(folder: Path, kind: str) -> None:
    if kind == "broken link":
        folder.symlink_to(folder.parent / "nowhere")
    else:
        folder.write_text("x", "utf-8")


@pytest.mark.parametrize(("kind", "said"), [("broken link", "是断开的符号链接"), ("file", "不是目录")])
def test_a_folder_that_is_none_is_told_as_a_service_that_is_away(folder: Path, kind: str, said: str) -> None:
    _made(folder, kind)
    with pytest.raises(EvidenceError, match=said) as refused:
        EvidenceWriter(folder, "r1")
    assert refused.value.exit_code == 3
