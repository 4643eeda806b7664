"""Markup that would blow the parser up is tamed; its text stays; honest markup passes unchanged."""

from __future__ import annotations

import pytest

from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document
from netpatrol.text.tame import tame
from tests.support.timing import cpu_of

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


ATTRIBUTES = {
    "blanks": ("<p ", " "), "lines": ("<p ", "\n"), "tabs": ("<p ", "\t"), "slashes": ("<p ", "/"), "bracket_in_a_name": ("<p a< ", " "),
    "bracket_in_a_value": ('<p t=">" ', " "), "values_with_brackets": ("<p ", '=">" '), "stray_quote": ('<p " ', " "),
    "after_a_comment": ("<!-- <p a='--><p ", " "), "after_a_script": ("<script>if(a<b)</script><p ", " "),
}  # fmt: skip


@pytest.mark.parametrize(("head", "gap"), ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_attributes_without_end_are_cut_and_the_text_stays(head: str, gap: str) -> None:
    markup = head + gap.join(f"a{index}" for index in range(60_000)) + ">乙</p><p>丙</p>"
    tamed = tame(markup)
    assert len(tamed) < 20_000
    assert read_document(parse_markup(markup)).raw.split("\n")[-2:] == ["乙", "丙"]
    assert tame(tamed) == tamed


def test_what_only_looks_like_a_tag_is_left_alone() -> None:
    compared = "<script>if(i<n " + "x y " * 30_000 + ">0)</script><p>丙</p>"
    value = '<a title="' + "x y " * 30_000 + '">丙</a>'
    comment = "<!-- <p " + "x y " * 30_000 + "--><p>丙</p>"
    assert [tame(markup) for markup in (compared, value, comment)] == [compared, value, comment]


@pytest.mark.parametrize(
    "unit", ["<a ", "<a b=", '<a b="', "<a/", '<a b="c', "<script>", "<script ", "<!--", "<", "</", "<title>x", "<a '", "<optgroup><option>", "<ul><li>"]
)
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(count: int) -> float:
        return cpu_of(lambda: parse_markup(unit * count).tree)

    small, large = seconds(100_000 // len(unit)), seconds(800_000 // len(unit))
    assert large < 40 * small + 0.1
