"""Markup that would blow the parser up is tamed; its text stays; honest markup passes unchanged."""

from __future__ import annotations

import pytest

from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document
from netpatrol.text.tame import tame

HONEST = '<div class="a"><p style="x">三峡<b class="k">脐橙</b></p><ul><li>一<li>二</ul></div>' * 3_000


def test_honest_markup_passes_unchanged() -> None:
    assert tame(HONEST) == HONEST
    assert tame('<font color="red">根<b>治</b></font>' * 2_000) == '<font color="red">根<b>治</b></font>' * 2_000
    picture = '<img src="data:image/png;base64,' + "A" * 200_000 + '">'
    assert tame(picture) == picture


@pytest.mark.parametrize("closers", ["", "</b>" * 3_000], ids=["open", "balanced_at_the_end"])
def test_formatting_does_not_multiply(closers: str) -> None:
    markup = "<div>" + "".join(f"<b a={index}>" for index in range(3_000)) + "</div>" + "<p>甲</p>" * 3_000 + closers
    document = parse_markup(markup)
    assert sum(1 for _ in document.tree.root.traverse()) < 20_000
    assert read_document(document).raw.count("甲") == 3_000


@pytest.mark.parametrize("unit", ["<div>", "<ul><li>", "<form><section>", "<font color=red>"])
def test_nesting_without_end_keeps_its_text(unit: str) -> None:
    assert "国家级" in read_document(parse_markup(unit * 120_000 + "国家级" + "</div>" * 120_000 + "<p>尾")).raw


def test_a_hundred_thousand_attributes() -> None:
    markup = "<p " + " ".join(f'data-{index}="甲"' for index in range(100_000)) + ">乙</p><p>丙</p>"
    assert "丙" in read_document(parse_markup(markup)).raw
