"""What a rule costs where it says nothing: words that stand everywhere begin no look-up."""

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.speed import PLAIN, page_of


@pytest.mark.parametrize("sentence", PLAIN)
def test_plain_sentences_begin_no_look_up(engine: Engine, sentence: str) -> None:
    """A rule whose rarest words are 包 or 保 made judging three times slower; give it words that tell (保提, 包涨)."""
    hits = engine.look(page_of(sentence))[1]
    assert [sentence[start:end] for start, end, _ in hits] == []
