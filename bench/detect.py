"""Detection against its peers, as ratios of CPU time in one run: `python bench/detect.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from statistics import median
from typing import Any

from netpatrol.core import read
from netpatrol.detect.engine import Engine
from netpatrol.detect.pack import load_packs
from netpatrol.detect.speed import ON, measure, pages
from netpatrol.items import Dossier, PageItem
from netpatrol.text.words import FastTokenizer, JiebaTokenizer


def cpu(run: Callable[[Any], object], inputs: list[Any]) -> float:
    started = time.process_time()
    for item in inputs:
        run(item)
    return time.process_time() - started


def ratio(slow: Callable[[Any], object], fast: Callable[[Any], object], inputs: list[Any], rounds: int = 5) -> float:
    """Return the median of interleaved rounds."""
    return median(cpu(slow, inputs) / cpu(fast, inputs) for _ in range(rounds))


def as_html(text: str) -> PageItem:
    lines = "".join(
        f'<div class="row"><p>{line}</p><a href="/p/{i}">查看</a></div>' for i, line in enumerate(text.split("\n"))
    )
    body = f"<html><head><title>店铺</title></head><body>{lines}</body></html>".encode()
    return PageItem(
        url="https://shop.example/", final_url="https://shop.example/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        headers={"Content-Type": "text/html; charset=utf-8"}, body=body,
    )  # fmt: skip


def against_reading(engine: Engine) -> float:
    """Return the CPU time of read + detect over that of reading alone."""
    items = [as_html(text) for text in pages(0.15, count=30)]

    def whole(item: PageItem) -> object:
        dossier = read(Dossier(page=item))
        assert dossier.text is not None
        assert dossier.facts is not None
        return engine.judge(dossier.text, dossier.facts, on=ON)

    return ratio(whole, lambda item: read(Dossier(page=item)), items)


def against_pyahocorasick(engine: Engine) -> float:
    """Return how much faster the automaton finds all patterns than pyahocorasick (same spans)."""
    import ahocorasick
    import daachorse

    words = list(engine.rules.entries)
    ours = daachorse.DoubleArrayAhoCorasick([word.encode("utf-16-le") for word in words])
    theirs = ahocorasick.Automaton()
    for word in words:
        theirs.add_word(word, word)
    theirs.make_automaton()

    def find(text: str) -> list[tuple[int, int, int]]:
        return ours.find_overlapping(text.encode("utf-16-le"))  # type: ignore[no-any-return]

    texts = pages(0.15, count=20)
    for text in texts:
        spans = {(end - len(word) + 1, end + 1) for end, word in theirs.iter(text)}
        assert {(start >> 1, end >> 1) for start, end, _ in find(text) if start % 2 == 0} == spans
    return ratio(lambda text: list(theirs.iter(text)), find, texts)


def main() -> None:
    peer = find_spec("ahocorasick") is not None
    if not peer:
        print("pyahocorasick is not compared with: it needs the test environment, which ./test makes")
    engine = Engine(load_packs())
    engine.rules.scanner.scan("预热", tuple, lambda a, b: True)
    print(f"packs: {len(engine.packs.rules())} rules, {len(engine.rules.entries)} patterns")
    for name, value in measure(engine):
        print(f"{value:8.1f}x jieba.lcut   {name}")
    slow, fast = JiebaTokenizer(), FastTokenizer()
    print(f"{ratio(slow.cut, fast.cut, pages(0.15, count=8)):8.1f}x jieba.lcut   the exact fast cutter, whole pages")
    if peer:
        print(f"{against_pyahocorasick(engine):8.1f}x pyahocorasick matching, all patterns")
    print(f"{against_reading(engine):8.2f}  read + detect over reading alone")


if __name__ == "__main__":
    main()
