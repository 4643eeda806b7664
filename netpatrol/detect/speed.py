"""Speed as ratios of CPU time in one process, interleaved, medians: numbers that other loads do not move."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import Any

from netpatrol.detect.engine import Engine
from netpatrol.items import PageFacts, PageText, PartKind, Zone, ZoneName
from netpatrol.text.normalise import normalise
from netpatrol.text.words import JiebaTokenizer

ON = date(2026, 1, 1)
PLAIN = (
    "本店仓库每天下午四点统一发货，偏远地区会晚一些。",
    "规格与颜色以实物为准，拍摄光线可能带来色差。",
    "面料柔软透气，洗后不易变形。",
    "收货后请检查包装是否完好，有问题请联系客服。",
    "支持七天无理由退货，定制商品除外。",
    "净含量五百克，保质期十二个月，请置阴凉干燥处。",
    "店铺地址在解放路二十八号，营业时间上午九点到晚上八点。",
    "冲泡时先用热水温杯，再投入三克茶叶。",
    "尺码表仅供参考，体型偏胖请选大一码。",
    "老街上的小作坊，做了二十多年的豆腐干。",
    "快递单号会在发货后更新，请留意短信通知。",
    "颜色分为米白、藏青、浅灰三种。",
)
_CLAIMS = (
    "全网销量第一的拖把",
    "根治颈椎病，永不复发",
    "国家级品质",
    "最好的家用净水器",
    "降血压降血糖",
    "稳赚不赔的好项目",
    "人民大会堂特供",
    "独一无二的配方",
    "三天见效",
    "抗癌防癌",
    "顶级面料",
    "行业领导品牌",
)


def pages(claims: float, count: int = 60, lines: int = 300, seed: int = 7) -> list[str]:
    """Return synthetic pages; `claims` is the share of pages with 1-4 claims, 1 means every second line is one."""
    rng = random.Random(seed)  # noqa: S311 - a fixed corpus, not a secret
    made = []
    for _ in range(count):
        text = [rng.choice(PLAIN) for _ in range(lines)]
        if claims >= 1:
            text[::2] = [rng.choice(_CLAIMS) for _ in text[::2]]
        elif rng.random() < claims:
            for _ in range(rng.randint(1, 4)):
                text[rng.randrange(lines)] = rng.choice(_CLAIMS)
        made.append("\n".join(text))
    return made


def measure(engine: Engine, rounds: int = 5) -> Iterator[tuple[str, float]]:
    """Yield (what, ratio): how many times the CPU time of `jieba.lcut` over the same text each step saves."""
    slow = JiebaTokenizer()
    for name, share in (("15 % of pages with claims", 0.15), ("every second line a claim", 1.0)):
        texts = pages(share)
        read = [page_of(text) for text in texts]
        engine.judge(read[0], PageFacts(), on=ON)
        for step, run in (("look", _look(engine)), ("judge", _judge(engine))):
            ratios = [_cpu(slow.cut, texts[:10]) / 10 / (_cpu(run, read) / len(read)) for _ in range(rounds)]
            yield f"{name}, {step}", median(ratios)


def page_of(text: str) -> PageText:
    """Return a page with one block for each line, as reading makes it."""
    form, zones, at = normalise(text), [], 0
    for line in text.split("\n"):
        zones.append(Zone(name=ZoneName.TEXT, start=at, end=at + len(line)))
        at += len(line) + 1
    return PageText(raw=text, zones=tuple(zones), norm=form.text, origin=form.origin, kind=PartKind.DETAIL)


def _look(engine: Engine) -> Callable[[PageText], object]:
    """Return normalise + match + word cut around doubtful matches."""

    def run(page: PageText) -> object:
        normalise(page.raw)
        return engine.look(page)

    return run


def _judge(engine: Engine) -> Callable[[PageText], object]:
    """Return everything up to findings with reasons."""

    def run(page: PageText) -> object:
        normalise(page.raw)
        return engine.judge(page, PageFacts(), on=ON)

    return run


def _cpu(run: Callable[[Any], object], inputs: list[Any]) -> float:
    started = time.process_time()
    for item in inputs:
        run(item)
    return time.process_time() - started
