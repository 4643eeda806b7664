"""Checks of packs beyond what loading refuses: each a small function that yields complaints in Chinese."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from netpatrol.detect.lock import lock_key
from netpatrol.detect.model import BUILT_IN, Pack, PackSet, Rule
from netpatrol.detect.naming import CLAIMS, ENDS
from netpatrol.detect.types import compile_matchers
from netpatrol.detect.types.frequency import cost
from netpatrol.detect.types.matcher import Matcher
from netpatrol.detect.types.slot import SlotError, prove
from netpatrol.items import Verdict

_MOST_MESSAGE = 40
_FEWEST_EXAMPLES = 2
_SLOW = 1.0  # seconds for 50,000 characters
_LONGEST_TRIAL = 30.0  # seconds for all that is too slow
_COMMON = 1_500.0  # places in a million characters
_CHOSEN = 10_000.0  # the same for a start that was chosen: 最 alone is in 7,700
_LONG_TEXT = "最佳的产品能够治疗高血压第一品牌100%有效" * 2300


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint; `grave` ones make lint fail."""

    pack: Pack | None
    rule: Rule | None
    message: str
    grave: bool = True

    @property
    def is_built_in(self) -> bool:
        """Say whether it is about a pack that comes with netpatrol, where others are laid over it."""
        return self.pack is not None and self.pack.layer == BUILT_IN

    def __str__(self) -> str:
        """Return `path:line rule message`."""
        where = f"{self.pack.path}:{self.rule.line if self.rule else 1}" if self.pack else "rules"
        name = f" {self.rule.id}" if self.rule else ""
        return f"{where}{name} {'' if self.grave else '（提醒）'}{self.message}"


def lint(packs: PackSet, locked: Mapping[str, tuple[int, str]], on: date) -> tuple[Complaint, ...]:
    """Return all complaints about a pack set; `locked` is what `packs.lock` says (name -> version, digest)."""
    found: list[Complaint] = []
    for pack in packs.packs:
        for check in _PACK_CHECKS:
            found.extend(check(pack, on))
        found.extend(_check_lock(pack, locked))
        for rule in pack.rules:
            for rule_check in _RULE_CHECKS:
                found.extend(rule_check(pack, rule))
    found.extend(_check_ids(packs))
    found.extend(_check_replaced(packs))
    found.extend(_check_lexicons(packs))
    found.extend(_check_starts(packs))
    found.extend(_check_proofs(packs, locked))
    return tuple(found)


def _check_lock(pack: Pack, locked: Mapping[str, tuple[int, str]]) -> Iterator[Complaint]:
    version, digest = locked.get(lock_key(pack), (0, ""))
    if digest and digest != pack.digest and pack.version <= version:
        yield Complaint(pack, None, f"内容已变，version 仍为 {pack.version}，请加 1")
    if version > pack.version:
        yield Complaint(pack, None, f"version {pack.version} 小于已发布的 {version}")


def _check_review(pack: Pack, on: date) -> Iterator[Complaint]:
    if pack.review_due and pack.review_due < on:
        yield Complaint(pack, None, f"复核已于 {pack.review_due} 到期", grave=False)
    if pack.reviewed_on and pack.review_due and pack.review_due <= pack.reviewed_on:
        yield Complaint(pack, None, "下次复核日期应晚于本次")


def _check_filled_in(pack: Pack, _on: date) -> Iterator[Complaint]:
    for name, value in (("owner", pack.owner), ("review.by", pack.reviewed_by), ("penalty", pack.penalty)):
        if value.startswith("请填写"):
            yield Complaint(pack, None, f"{name} 还没有填写")


def _check_periods(pack: Pack, _on: date) -> Iterator[Complaint]:
    periods = [("规则包", pack.valid), *((basis.title, basis.in_force) for basis in pack.basis)]
    for name, period in periods:
        if period.start and period.end and period.end < period.start:
            yield Complaint(pack, None, f"{name} 的截止日早于起始日")


def _check_basis(pack: Pack, _on: date) -> Iterator[Complaint]:
    unchecked = [basis.key for basis in pack.basis if not basis.checked]
    if unchecked:
        yield Complaint(pack, None, f"依据待法规核对：{'、'.join(unchecked)}", grave=False)
    used = {key for rule in pack.rules for key in rule.basis}
    for basis in pack.basis:
        if basis.key not in used:
            yield Complaint(pack, None, f"依据 {basis.key} 没有规则引用", grave=False)


_PACK_CHECKS: tuple[Callable[[Pack, date], Iterator[Complaint]], ...] = (
    _check_review,
    _check_filled_in,
    _check_periods,
    _check_basis,
)


def _check_message(pack: Pack, rule: Rule) -> Iterator[Complaint]:
    if len(rule.message) > _MOST_MESSAGE:
        yield Complaint(pack, rule, f"提示语 {len(rule.message)} 字，应不超过 {_MOST_MESSAGE} 字")
    if "{hit}" not in rule.message:
        yield Complaint(pack, rule, "提示语应含 {hit}")


def _check_examples(pack: Pack, rule: Rule) -> Iterator[Complaint]:
    if rule.scope == "page" or any(reason.startswith("例句") for reason in rule.allow):
        return
    for name, examples in (("violation", rule.examples.violation), ("clean", rule.examples.clean)):
        if len(examples) < _FEWEST_EXAMPLES:
            yield Complaint(pack, rule, f"{name} 例句只有 {len(examples)} 条，至少 {_FEWEST_EXAMPLES} 条")
    for example in (*rule.examples.violation, *rule.examples.clean):
        if not example.text.strip() or example.text.startswith("请写一句"):
            yield Complaint(pack, rule, f"第 {example.line} 行的例句还没有填写")
    for example in rule.examples.violation:
        if not example.spans:
            yield Complaint(pack, rule, f"例句“{example.text}”没有用 << >> 标出命中处")
    for example in rule.examples.exempt:
        if not example.by:
            yield Complaint(pack, rule, f"豁免例句“{example.text}”没有写 by（条款编号）")


def _check_prefix(pack: Pack, rule: Rule) -> Iterator[Complaint]:
    if rule.family != pack.name:
        yield Complaint(pack, rule, f"编号应以“{pack.name}.”开头")
    if rule.contested and rule.severity in ("critical", "high"):
        yield Complaint(pack, rule, "有争议的规则，严重程度不宜为 high 以上", grave=False)


def _check_single_characters(pack: Pack, rule: Rule) -> Iterator[Complaint]:
    """One character alone fires inside ordinary words."""
    if rule.verdict is Verdict.EXEMPT:
        yield Complaint(pack, rule, "verdict 不能是 exempt；豁免写在 exemptions 里")
    for spec in rule.match:
        if spec.quiet or spec.boundary == "token" or spec.needs:
            continue
        short = [word for word in spec.any if len(word) == 1]
        if short:
            yield Complaint(pack, rule, f"单字词条“{short[0]}”会在普通词里命中，请改用句式或 boundary: token")


_RULE_CHECKS: tuple[Callable[[Pack, Rule], Iterator[Complaint]], ...] = (
    _check_message,
    _check_examples,
    _check_prefix,
    _check_single_characters,
)


def _check_ids(packs: PackSet) -> Iterator[Complaint]:
    counts = Counter(rule.id for _, rule in packs.rules())
    for pack, rule in packs.rules():
        if counts[rule.id] > 1:
            yield Complaint(pack, rule, "编号在多个规则包里出现")


def _check_lexicons(packs: PackSet) -> Iterator[Complaint]:
    text = repr((packs.packs, packs.exemptions, packs.traps, packs.lexicons, packs.restore, packs.cues, packs.goods))
    for name in packs.lexicons:
        if f"@{name}" not in text and name not in (ENDS, CLAIMS):  # those are asked for by name
            yield Complaint(None, None, f"词表“{name}”没有人用", grave=False)


def _check_starts(packs: PackSet) -> Iterator[Complaint]:
    """A search that starts at words which stand on every page costs time there, whether it finds anything or not."""
    for pack, rule in packs.rules():
        for spec in rule.match:
            matchers = () if spec.quiet else compile_matchers(spec, packs.lexicons)
            for matcher, say in zip(matchers, spec.say or ("",), strict=False):
                if cost(matcher.triggers) > (_CHOSEN if "*" in say else _COMMON):
                    common = max(matcher.triggers, key=lambda word: cost((word,)))
                    hint = f"第 {spec.line} 行有一个找法从“{common}”这样常见的词找起，每一页都要多花时间"
                    yield Complaint(pack, rule, f"{hint}；请换更长的词，或在较少见的部分后面写 *", grave=False)


def _check_proofs(packs: PackSet, locked: Mapping[str, tuple[int, str]]) -> Iterator[Complaint]:
    """A regex is put together when it is first needed; what is to be published is put together here, which takes seconds."""
    for pack, rule in _unpublished(packs, locked):
        for spec in rule.match:
            for say in spec.say:
                try:
                    prove(say, packs.lexicons)
                except SlotError as error:
                    yield Complaint(pack, rule, f"第 {spec.line} 行：{error}")


def _check_replaced(packs: PackSet) -> Iterator[Complaint]:
    """A rule of our own that has the id of a built-in one puts it out of force: that has to be meant."""
    ours = {rule.id: (pack, rule) for pack, rule in packs.rules()}
    for gone in packs.replaced:
        pack, rule = ours.get(gone.rule_id, (None, None))
        yield Complaint(pack, rule, f"替换了同编号的规则（{gone.place}），那一条不再执行；不是有意替换就请改编号", grave=False)


def _unpublished(packs: PackSet, locked: Mapping[str, tuple[int, str]]) -> Iterator[tuple[Pack, Rule]]:
    """Yield the rules of packs that are not in the lock as they stand: the others went through this when they got there."""
    published = {digest for _, digest in locked.values()}
    return ((pack, rule) for pack, rule in packs.rules() if pack.digest not in published)


def slow_matchers(packs: PackSet, locked: Mapping[str, tuple[int, str]]) -> Iterator[Complaint]:
    """Yield complaints about matchers that need more than a second of the processor for 50,000 characters (run apart: it takes time)."""
    left = _LONGEST_TRIAL
    for pack, rule in _unpublished(packs, locked):
        for spec in rule.match:
            for matcher in compile_matchers(spec, packs.lexicons):
                taken = _seconds(matcher)
                if taken > _SLOW:
                    yield Complaint(pack, rule, f"第 {spec.line} 行的找法太慢")
                    left -= taken
                if left < 0:
                    yield Complaint(pack, rule, "太慢的找法太多，其余没有试；改好以后请再检查一遍")
                    return


def _seconds(matcher: Matcher) -> float:
    """Return how long a matcher needs for the long text; it is not let go on once that is too long."""
    started = time.thread_time()
    for start in range(0, len(_LONG_TEXT), 400):
        if time.thread_time() - started > _SLOW:
            break
        deque(matcher.find(_LONG_TEXT, start, start + 400), maxlen=0)
    return time.thread_time() - started
