from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from netpatrol.entities.emark import REMEMBERED, MarkAnswer, MarkState, Remembering, check_mark, read_answer

LINK = "http://www.hd315.gov.cn/beian/view.asp?bianhao=42050000000001"
FILED = MarkAnswer(domains=("www.qinghe.example",), name="宜昌市青禾商贸有限责任公司")


@pytest.mark.parametrize(
    ("links", "answer", "state"),
    [
        pytest.param([], None, MarkState.ABSENT, id="no-mark"),
        pytest.param(["http://copy.example/mark"], FILED, MarkState.WRONG_HOST, id="wrong-host"),
        pytest.param(["http://hd315.gov.cn.evil.example/x"], FILED, MarkState.WRONG_HOST, id="host-that-pretends"),
        pytest.param([LINK], None, MarkState.UNANSWERED, id="no-answer"),
        pytest.param([LINK], MarkAnswer(status="deleted"), MarkState.DELETED, id="deleted"),
        pytest.param([LINK], MarkAnswer(domains=("other.example",)), MarkState.OTHER_DOMAIN, id="other-domain"),
        pytest.param([LINK], MarkAnswer(name="宜昌砚海酒业有限公司"), MarkState.OTHER_NAME, id="other-name"),
        pytest.param([LINK], FILED, MarkState.OK, id="ok"),
        pytest.param(["http://copy.example/mark", LINK], FILED, MarkState.OK, id="best-of-several"),
    ],
)
def test_states(links: list[str], answer: MarkAnswer | None, state: MarkState) -> None:
    found = check_mark(links, host="shop.qinghe.example", names=["宜昌市青禾商贸有限公司"], ask=lambda _: answer)
    assert found.state is state
    assert found.why


def test_pictures_and_links_nobody_asked_about() -> None:
    assert check_mark([], host="x.example", picture=True).state is MarkState.PICTURE_ONLY
    assert check_mark([LINK], host="x.example").state is MarkState.UNASKED
    local = check_mark(["http://mark.yichang.example/lz/1"], host="x.example", official=["mark.yichang.example"])
    assert local.state is MarkState.UNASKED


@pytest.mark.parametrize(
    ("text", "status", "answer"),
    [
        pytest.param(
            "网站名称：青禾商城\n网站域名：www.qinghe.example\n企业名称：宜昌市青禾商贸有限责任公司\n注册号：420500000000012",
            200,
            MarkAnswer(domains=("www.qinghe.example",), name="宜昌市青禾商贸有限责任公司", code="420500000000012"),
            id="filed",
        ),
        pytest.param("该标识已注销", 200, MarkAnswer(status="deleted"), id="deleted"),
        pytest.param("查无此标识", 200, MarkAnswer(status="deleted"), id="no-such"),
        pytest.param("x", 404, MarkAnswer(status="deleted"), id="gone"),
        pytest.param("系统维护", 503, MarkAnswer(status="unknown"), id="away"),
        pytest.param("", 200, MarkAnswer(status="unknown"), id="nothing"),
        pytest.param("请输入验证码", 200, MarkAnswer(status="unknown"), id="challenge"),
    ],
)
def test_recorded_answers(text: str, status: int, answer: MarkAnswer) -> None:
    assert read_answer(text, status) == answer


def test_answers_are_remembered_for_a_while() -> None:
    asked: list[str] = []

    def ask(link: str) -> MarkAnswer:
        asked.append(link)
        return FILED

    now = datetime(2026, 3, 4, tzinfo=UTC)
    memory = Remembering(ask, now)
    assert memory(LINK) == memory(LINK) == FILED
    assert asked == [LINK]
    later = Remembering(ask, now + REMEMBERED + timedelta(seconds=1), memory.answers)
    later(LINK)
    assert asked == [LINK, LINK]
