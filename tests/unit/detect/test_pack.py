"""Loading packs: every fault at once, each with its place, in Chinese; layers; what editors are told."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.detect.fields import RECORDS
from netpatrol.detect.json_schema import pack_schema
from netpatrol.detect.lint import lint, slow_matchers
from netpatrol.detect.pack import RULES, load_packs
from netpatrol.errors import PackErrors
from netpatrol.items import Verdict

ON = date(2026, 6, 30)
GOOD = """\
schema: netpatrol.pack/1
pack: tea
title: 茶叶用语
version: 1
status: active
owner: 监测组
review: {by: 法规科, on: 2026-01-01, due: 2027-01-01}
valid: {from: 2015-09-01, until: null}
penalty: 二十万元以上
legal_basis:
  ad-law: {title: 广告法, article: 第九条, in_force: {from: 2015-09-01, until: null}, checked: true}
rules:
  - id: tea.king
    title: 茶王
    severity: medium
    confidence: high
    basis: [ad-law]
    match:
      - any: [宜红茶王]
    message: "茶王：{hit}"
    examples:
      violation: ["本店<<宜红茶王>>", "<<宜红茶王>>上市"]
      clean: ["宜红茶", "国王"]
"""


def write(folder: Path, text: str, name: str = "tea.yml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(PackErrors) as raised:
        load_packs(folder)
    return [str(error) for error in raised.value.errors]


def test_a_good_pack_loads(tmp_path: Path) -> None:
    packs = load_packs(write(tmp_path, GOOD))
    assert [rule.id for _, rule in packs.rules()] == ["tea.king"]
    assert len(packs.lock) == 32


TRAPS = {
    "leading_zero": ("owner: 监测组", "owner: 0717", "0717.*没有加引号.*数字"),
    "yes_no": ("title: 茶叶用语", "title: on", "on.*没有加引号.*是/否"),
    "clock": ("owner: 监测组", "owner: 12:30", "12:30.*没有加引号.*数字"),
    "date_as_text": ("owner: 监测组", "owner: 2026-01-01", "没有加引号.*日期"),
    "nothing": ("owner: 监测组", "owner: null", "没有加引号.*空值"),
    "full_width_colon": ("owner: 监测组", "owner：监测组", "全角冒号"),
    "control": ("    title: 茶王", "    title: 茶\0王", "control characters"),
    "tab": ("    title: 茶王", "\ttitle: 茶王", "制表符"),
    "duplicate_key": ("version: 1", "version: 1\nversion: 2", "重复，第 4 行"),
    "unknown_field": ("owner: 监测组", "ower: 监测组", "不认识的字段“ower”"),
    "missing_field": ("penalty: 二十万元以上\n", "", "缺少字段“penalty”"),
    "bad_choice": ("severity: medium", "severity: grave", "不在可选值内"),
    "bad_date": ("on: 2026-01-01", "on: 2026-1-1", "应写成 2026-01-31"),
    "bad_number": ("version: 1", "version: one", "应是整数"),
    "bad_flag": ("checked: true", "checked: yes", "应写 true 或 false"),
    "unknown_basis": ("basis: [ad-law]", "basis: [ad-lw]", "没有“ad-lw”"),
    "unknown_exemption": ("    message:", "    unless: [G9.9]\n    message:", "没有名为“G9.9”的豁免"),
    "unknown_lexicon": ("any: [宜红茶王]", 'any: ["@名茶"]', "没有名为“名茶”的词表"),
    "two_ways_at_once": ("any: [宜红茶王]", 'any: [宜红茶王]\n        say: ["茶 王"]', "恰有一种找法"),
    "regex_without_trigger": ("any: [宜红茶王]", 'regex: "茶.王"', "必须写 trigger"),
    "broken_regex": ("any: [宜红茶王]", 'regex: "茶(王"\n        trigger: [茶]', "正则写错了"),
    "look_ahead_in_regex": ("any: [宜红茶王]", 'regex: "茶(?=王)"\n        trigger: [茶]', "正则写错了"),
    "regex_of_nothing": ("any: [宜红茶王]", 'regex: "(茶王)?"\n        trigger: [茶]', "连空文字也算命中"),
    "no_words": ("any: [宜红茶王]", "any: []", "any 是空的"),
    "empty_group": ("any: [宜红茶王]", "near: [[茶], []]", "near 是空的，或其中有一项是空的"),
    "no_match": ("    match:\n      - any: [宜红茶王]", "    match: []", "match 是空的"),
    "lexicon_in_a_circle": ("rules:", 'lexicons: {甲: ["@乙"], 乙: ["@甲"]}\nrules:', "“甲”引用了自己：@甲 → @乙 → @甲"),
    "lexicon_without_end": ("rules:", "lexicons: {" + ", ".join(f'w{n}: ["@w{n + 1}", "@w{n + 1}"]' for n in range(30)) + ", w30: [茶]}\nrules:", "超过 50000 个词"),
    "condition_of_nothing": ("rules:", "exemptions: {X1: {clause: X1, why: 试, when: [{}]}}\nrules:", "会放行一切"),
    "exemption_without_condition": ("rules:", "exemptions: {X1: {clause: X1, why: 试, when: []}}\nrules:", "永远不会放行"),
    "key_with_blank": ("rules:", "exemptions: {X 1: {clause: X1, why: 试, when: [{hit: [茶]}]}}\nrules:", "键名 'X 1'"),
    "id_with_blank": ("id: tea.king", "id: tea.ki ng", "编号 'tea.ki ng' 应是"),
    "id_with_slash": ("id: tea.king", "id: tea.king/x", "编号 'tea.king/x' 应是"),
    "id_with_line_break": ("id: tea.king", 'id: "tea.king\\nx"', r"编号 'tea.king\\nx' 应是"),
    "endless_slot": ("any: [宜红茶王]", f'say: ["{"~40 茶|王? " * 60}宜红"]', "查找没有尽头"),
    "repeated_group": ("any: [宜红茶王]", 'say: ["宜红 /(?:茶+)+王/"]', "重复了一组"),
    "flags_amid_slot": ("any: [宜红茶王]", 'say: ["宜红 /(?i)a/? 茶王"]', "tea.yml:.*开关"),
    "group_names_twice": ("any: [宜红茶王]", 'say: ["宜红 /(?P<x>a)/? /(?P<x>b)/? 茶王"]', "不止一处"),
    "gap_of_superscript": ("any: [宜红茶王]", 'say: ["宜红 ~² 茶王"]', "间隔“~²”"),
    "empty_lexicon": ("rules:", "lexicons: {空: []}\nrules:", "tea.yml:12 词表“空”：词表“空”是空的"),
    "lexicons_without_end": ("rules:", "lexicons: {" + ", ".join(f'w{n}: ["@w{n + 1}"]' for n in range(2000)) + ", w2000: [茶]}\nrules:", "超过 20 层"),
    "broken_raw_piece": ("any: [宜红茶王]", 'say: ["宜红 /[茶/"]', "句式里的正则“/.茶/”写错了"),
    "unclosed_mark": ("本店<<宜红茶王>>", "本店<<宜红茶王", "不成对"),
    "file_name": ("pack: tea", "pack: coffee", "应与文件名“tea”相同"),
    "broken_yaml": ("rules:", "rules: [", "YAML 写法有误"),
    "list_where_text": ("owner: 监测组", "owner: [甲, 乙]", "不是列表"),
}


@pytest.mark.parametrize(("old", "new", "message"), TRAPS.values(), ids=TRAPS.keys())
def test_each_trap_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = faults(write(tmp_path, GOOD.replace(old, new, 1)))
    import re

    assert any(re.search(message, fault) for fault in found), found
    assert all("tea.yml" in fault for fault in found)


@pytest.mark.parametrize("match", ['say: ["宜红 @空"]', 'any: ["@空", 宜红茶王]', 'near: [["@空"], [茶王]]'])
def test_a_lexicon_without_words_is_told_where_it_is_used_and_where_it_stands(tmp_path: Path, match: str) -> None:
    text = GOOD.replace("any: [宜红茶王]", match).replace("rules:", "lexicons: {空: []}\nrules:", 1)
    told = "词表“空”是空的，什么也找不到"
    assert faults(write(tmp_path, text)) == [f"{tmp_path}/tea.yml:12 词表“空”：{told}", f"{tmp_path}/tea.yml:20 tea.king {told}"]


SEEMING = {
    "match": ("any: [宜红茶王]", 'say: ["宜红 /[茶 王]/"]', "b/tea.yml:19 tea.king “/.茶”：/正则/ 要自成一段"),
    "trap": ("rules:", 'traps: [{say: ["茶~6 王"]}]\nrules:', "b/tea.yml:12 “茶~6”里的 ~"),
    "exemption": ("rules:", "exemptions: {X1: {clause: X1, why: 试, when: [{say: [茶 的？]}]}}\nrules:", "b/tea.yml:12 豁免 X1：“的？”里的“？”是全角的"),
}


@pytest.mark.parametrize(("old", "new", "message"), SEEMING.values(), ids=SEEMING.keys())
def test_what_seems_to_mean_something_else_is_refused_in_packs_of_our_own(tmp_path: Path, old: str, new: str, message: str) -> None:
    national, ours = write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD.replace(old, new, 1))
    with pytest.raises(PackErrors, match=message):
        load_packs(national, ours)


def test_what_seems_to_mean_something_else_is_refused_in_every_pack(tmp_path: Path) -> None:
    with pytest.raises(PackErrors, match=r"tea\.yml:\d+ tea\.king .*“的\?品质”里的 \?"):
        load_packs(write(tmp_path, GOOD.replace("any: [宜红茶王]", 'say: ["宜红茶王 !的?品质"]')))


def test_regexes_are_proved_when_packs_are_loaded_but_for_published_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever may be wrong with a regex that is put together late: it never shows first in the middle of a patrol."""
    packs = load_packs()
    published = {"*": (0, packs.lock)} | {pack.name: (pack.version, pack.digest) for pack in packs.packs}
    monkeypatch.setattr("netpatrol.detect.pack.read_lock", lambda _: published)
    ours = GOOD.replace("any: [宜红茶王]", 'say: ["宜红 茶王"]')
    ours = ours.replace("rules:", 'traps: [{say: ["茶 王子"]}]\nexemptions: {X1: {clause: X1, why: 试, when: [{say: [茶 王府]}]}}\nrules:', 1)
    monkeypatch.setattr("netpatrol.detect.types.slot._join", lambda pieces: "(")
    assert load_packs().packs
    assert any(complaint.grave and "连起来不成正则" in complaint.message for complaint in lint(packs, {}, ON))
    monkeypatch.setattr("netpatrol.detect.pack.read_lock", lambda _: {})
    with pytest.raises(PackErrors, match="连起来不成正则"):
        load_packs()
    with pytest.raises(PackErrors) as raised:
        load_packs(RULES, write(tmp_path, ours))
    found = [str(error) for error in raised.value.errors if str(error).startswith(f"{tmp_path}/tea.yml:")]
    assert [error.split("的各部分连起来不成正则")[0] for error in found] == [
        f"{tmp_path}/tea.yml:21 tea.king 句式“宜红 茶王”",
        f"{tmp_path}/tea.yml:12 句式“茶 王子”",
        f"{tmp_path}/tea.yml:13 豁免 X1：句式“茶 王府”",
    ]


def test_a_condition_may_ask_for_no_more_than_that_nothing_is_on_offer(tmp_path: Path) -> None:
    asked = "exemptions: {X1: {clause: X1, why: 试, when: [{promo: false}]}}\nrules:"
    assert load_packs(write(tmp_path, GOOD.replace("rules:", asked, 1))).exemptions


def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "zero.yml").symlink_to("/dev/zero")
    found = faults(tmp_path)
    assert len(found) == 3
    assert all("不是文件" in fault for fault in found)


def test_a_broken_regex_is_told_in_characters_and_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    old, new, _ = TRAPS["broken_regex"]
    (found,) = faults(write(tmp_path, GOOD.replace(old, new, 1)))
    assert "missing ): 茶(王" in found
    assert "b'" not in found
    assert capfd.readouterr().err == ""


def test_a_rule_that_takes_the_place_of_another_is_told(tmp_path: Path) -> None:
    packs = load_packs(write(tmp_path / "a", GOOD), write(tmp_path / "b", GOOD.replace("status: active", "status: trial")))
    assert [(gone.rule_id, gone.layer) for gone in packs.replaced] == [("tea.king", "national")]
    (told,) = [complaint for complaint in lint(packs, {}, ON) if "替换了" in complaint.message]
    assert not told.grave
    assert str(tmp_path / "a" / "tea.yml:13") in str(told)


def test_a_slow_way_of_finding_is_given_up(tmp_path: Path) -> None:
    slow = " ".join(f"~{n} 产|病|压|品" for n in (25, 25, 25)) + " 茶王"
    packs = load_packs(write(tmp_path, GOOD.replace("any: [宜红茶王]", f'say: ["{slow}"]')))
    started = time.monotonic()
    tuple(slow_matchers(packs, {}))
    assert time.monotonic() - started < 20


def test_all_faults_at_once_with_line_and_rule(tmp_path: Path) -> None:
    text = GOOD.replace("owner: 监测组", "owner: 0717").replace("severity: medium", "severity: grave")
    found = faults(write(tmp_path, text))
    assert len(found) == 2
    assert "tea.yml:6" in found[0]
    assert "tea.yml:15 tea.king" in found[1]


def test_terms_with_blanks_digits_and_full_width_letters(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD.replace("[宜红茶王]", "[Qing He认证, 标准Ｖ2.0, 超敏C反应蛋白]"))
    engine = Engine(load_packs(folder))
    for text in ("经qing he认证", "标准V2.0", "超敏Ｃ反应蛋白"):
        assert [f.rule_id for f in judge_snippet(engine, text, on=ON)] == ["tea.king"], text


def test_every_term_is_found_in_itself(tmp_path: Path) -> None:
    words = ["一", "二二", "三三三", "最最佳", "AAC", "下三滥", "一条龙"]
    engine = Engine(load_packs(write(tmp_path, GOOD.replace("[宜红茶王]", f"[{', '.join(words)}]"))))
    for word in words:
        assert judge_snippet(engine, word, on=ON), word
    assert judge_snippet(engine, "abaac aac", on=ON)[0].quote == "aac"


def test_a_listed_ideograph_does_not_ban_its_digit(tmp_path: Path) -> None:
    engine = Engine(load_packs(write(tmp_path, GOOD.replace("[宜红茶王]", "[㈢, 三级片]"))))
    assert judge_snippet(engine, "第3件 3 三", on=ON) == ()
    assert judge_snippet(engine, "第㈢节", on=ON)


def test_latin_words_and_digits_match_whole(tmp_path: Path) -> None:
    engine = Engine(load_packs(write(tmp_path, GOOD.replace("[宜红茶王]", '["NO.1", ck, "7714"]'))))
    assert judge_snippet(engine, "NO.10234 lock B7714920055", on=ON) == ()
    assert len(judge_snippet(engine, "no.1的ck 7714", on=ON)) == 3


def test_later_layers_override_rules_of_the_same_id(tmp_path: Path) -> None:
    national = write(tmp_path / "a", GOOD)
    local = write(tmp_path / "b", GOOD.replace("any: [宜红茶王]", "any: [邓村茶王]").replace("宜红茶王", "邓村茶王"))
    engine = Engine(load_packs(national, local))
    assert judge_snippet(engine, "邓村茶王", on=ON)[0].verdict is Verdict.VIOLATION
    assert judge_snippet(engine, "宜红茶王", on=ON) == ()
    packs = load_packs(national, local)
    assert packs.lock != load_packs(national).lock
    assert [(pack.layer, len(pack.rules)) for pack in packs.packs] == [("national", 0), ("provincial", 1)]


def test_missing_and_empty_folders_are_faults(tmp_path: Path) -> None:
    assert "不存在" in faults(tmp_path / "none")[0]
    (tmp_path / "empty").mkdir()
    assert "没有规则包" in faults(tmp_path / "empty")[0]


def test_wrong_encoding_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "tea.yml").write_bytes(GOOD.encode("gb18030"))
    assert "UTF-8" in faults(tmp_path)[0]


def test_the_lock_ignores_comments_and_sees_words(tmp_path: Path) -> None:
    first = load_packs(write(tmp_path / "a", GOOD)).packs[0].digest
    commented = load_packs(write(tmp_path / "b", "# 说明\n" + GOOD.replace("version: 1", "version: 2"))).packs[0].digest
    changed = load_packs(write(tmp_path / "c", GOOD.replace("宜红茶王", "宜红茶皇"))).packs[0].digest
    assert first == commented
    assert first != changed


def test_the_editors_schema_knows_every_field() -> None:
    schema = pack_schema()
    assert set(schema["properties"]) == set(RECORDS["pack"])
    assert set(schema["$defs"]["rule"]["properties"]) == set(RECORDS["rule"])


def test_built_in_packs_load() -> None:
    assert load_packs().lock == load_packs(RULES).lock


BORDERS = """\
exemptions:
  DENIED:
    clause: NEG
    why: 否认
    when:
      - {before: [不是, 不产], gap: 8, within: sentence, barrier: [的, ","]}
      - {after: [吗], gap: 4, within: sentence, unanswered: [当然, 是的]}
      - {around: [请勿误会], within: sentence, hit_absent: [宜红茶王]}
unless: [DENIED]
rules:
"""


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("不是宜红茶王", True),
        ("不产绿茶的宜红茶王", False),  # the denial is of green tea
        ("不是绿茶，宜红茶王", False),
        ("是宜红茶王吗？", True),
        ("是宜红茶王吗？不敢当", True),
        ("是宜红茶王吗？当然", False),
        ("是宜红茶王吗？答：是的", False),
        ("是宜红茶王吗？不当然", True),
        ("请勿误会，宜红茶王", False),
    ],
)
def test_an_exemption_reaches_to_its_borders(tmp_path: Path, text: str, free: bool) -> None:
    packs = load_packs(write(tmp_path, GOOD.replace("rules:\n", BORDERS)))
    found = judge_snippet(Engine(packs), text, on=ON)
    assert [finding.verdict is Verdict.EXEMPT for finding in found] == [free]
