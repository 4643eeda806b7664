"""Which fields the YAML of packs may have: one table for the loader and for the JSON Schema of editors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netpatrol.items import Confidence, PartKind, Severity, Verdict, ZoneName

GOODS = (
    "ordinary_food", "infant_food", "health_food", "catering", "alcohol", "tobacco",
    "drug", "medical_device", "medical_service", "medical_beauty", "disinfectant", "cosmetics",
    "toothpaste", "pesticide", "vet_drug", "feed", "seed", "agri_input",
    "education", "investment", "realestate", "general_service", "general_goods", "unknown",
)  # fmt: skip
STATUSES = ("draft", "trial", "active", "retired")
_PAGES = tuple(PartKind)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` is text, texts, word_lists, number, flag, day, record, records, lexicons or record_map."""

    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    of: str = ""
    note: str = ""


def _f(kind: str, note: str = "", *, required: bool = False, choices: Any = (), of: str = "") -> Field:
    return Field(kind, required, tuple(choices), of, note)


RECORDS: Mapping[str, Mapping[str, Field]] = {
    "pack": {
        "schema": _f("text", "固定写 netpatrol.pack/1", required=True, choices=("netpatrol.pack/1",)),
        "pack": _f("text", "规则包名，与文件名相同，永不更改", required=True),
        "title": _f("text", "中文名", required=True),
        "version": _f("number", "结果可能变化时加 1", required=True),
        "status": _f("text", "draft 草稿 trial 试用 active 启用 retired 停用", required=True, choices=STATUSES),
        "owner": _f("text", "谁回答问题", required=True),
        "review": _f("record", "复核人、日期、下次复核", required=True, of="review"),
        "valid": _f("record", "页面被看到的日期在此期间内才适用", required=True, of="period"),
        "penalty": _f("text", "罚则幅度，供办案人员参考", required=True),
        "leniency": _f("texts", "从宽、从重提示"),
        "legal_basis": _f("record_map", "法律依据，规则按键名引用", required=True, of="basis"),
        "lexicons": _f("lexicons", "词表，规则里写 @词表名"),
        "exemptions": _f("record_map", "豁免条款", of="exemption"),
        "traps": _f("records", "词法陷阱：不是本意的写法，命中即略过", of="match"),
        "unless": _f("texts", "本包所有规则都接受的豁免（键名）"),
        "rules": _f("records", "规则", required=True, of="rule"),
    },
    "shared": {
        "schema": _f("text", "固定写 netpatrol.shared/1", required=True, choices=("netpatrol.shared/1",)),
        "title": _f("text", "中文名", required=True),
        "version": _f("number", "结果可能变化时加 1", required=True),
        "legal_basis": _f("record_map", "法律依据", of="basis"),
        "lexicons": _f("lexicons", "各包共用的词表"),
        "exemptions": _f("record_map", "各包共用的豁免", of="exemption"),
        "traps": _f("records", "各包共用的词法陷阱", of="match"),
        "restore": _f("texts", "规避写法要还原成的词（句式，无间隔）"),
        "glyphs": _f("lexicons", "字：形近、谐音、拆分写法"),
        "plain_glyphs": _f("texts", "日常文字里几乎不出现、见到即可还原的字"),
        "cues": _f("lexicons", "判断页面性质的提示词"),
        "goods": _f("lexicons", "商品类别的提示词"),
    },
    "review": {
        "by": _f("text", "复核人或部门", required=True),
        "on": _f("day", "复核日期", required=True),
        "due": _f("day", "下次复核", required=True),
    },
    "period": {"from": _f("day", "起始日，含"), "until": _f("day", "截止日，含；null 为至今")},
    "basis": {
        "title": _f("text", "法律法规名称", required=True),
        "article": _f("text", "条款", required=True),
        "version": _f("text", "文本版本"),
        "in_force": _f("record", "施行期间", required=True, of="period"),
        "checked": _f("flag", "法规科是否已核对原文", required=True),
        "url": _f("text", "官方文本网址"),
        "note": _f("text", "说明"),
    },
    "match": {
        "any": _f("texts", "其中任一词"),
        "say": _f("texts", "句式"),
        "near": _f("word_lists", "各组词相距不远"),
        "regex": _f("text", "正则表达式（RE2 语法），必须配 trigger"),
        "missing": _f("texts", "整页缺少这些词（任一出现即可）"),
        "fact": _f("text", "页面识别出的标识种类"),
        "external": _f("text", "需外部核查，本引擎不判断"),
        "valid": _f("flag", "标识校验是否通过"),
        "trigger": _f("texts", "触发词"),
        "window": _f("number", "near 各词间最大间隔字数"),
        "order": _f("text", "near 的顺序", choices=("any", "fixed")),
        "boundary": _f("text", "token：两端须在词的边界上", choices=("token", "none")),
        "needs": _f("texts", "within 范围内还须出现"),
        "absent": _f("texts", "within 范围内不得出现"),
        "within": _f("text", "范围", choices=("clause", "sentence", "zone", "page")),
        "goods": _f("texts", "只用于这些商品类别", choices=GOODS),
        "not_goods": _f("texts", "不用于这些商品类别", choices=GOODS),
        "pages": _f("texts", "只用于这些页面部分", choices=_PAGES),
        "verdict": _f("text", "判定", choices=tuple(Verdict)),
        "quiet": _f("flag", "true：只在豁免成立时记录（写明放行的条款），否则不报；不受词法陷阱影响"),
    },
    "condition": {
        "say": _f("texts", "与命中处重叠的句式"),
        "before": _f("texts", "命中之前出现"),
        "after": _f("texts", "命中之后出现"),
        "around": _f("texts", "within 范围内出现"),
        "absent": _f("texts", "within 范围内不得出现"),
        "hit": _f("texts", "命中文字里含有"),
        "hit_absent": _f("texts", "命中文字里不得含有"),
        "barrier": _f("texts", "before、after 的词与命中处之间不得隔着这些词"),
        "unanswered": _f("texts", "紧接的下一句（“…吗，”之后同）不得以这些词作答"),
        "within": _f("text", "范围", choices=("clause", "sentence", "zone", "page")),
        "gap": _f("number", "before、after 的词离命中处最多几个字，0 为紧挨着；不写为整个 within 范围"),
        "quoted": _f("flag", "命中在引号或书名号内"),
        "pages": _f("texts", "页面部分", choices=_PAGES),
        "goods": _f("texts", "商品类别", choices=GOODS),
        "approval": _f("texts", "页面上有此类批准或备案文号"),
        "promo": _f("flag", "是否处于推销语境"),
        "name": _f("text", "整页里的商品名称：block 整块只是名称，part 命中处是名称的一部分、同句没有宣称", choices=("block", "part")),
    },
    "exemption": {
        "clause": _f("text", "条款编号", required=True),
        "why": _f("text", "理由，一句话", required=True),
        "basis": _f("texts", "依据；未施行时不适用"),
        "families": _f("texts", "只用于这些家族"),
        "not_rules": _f("texts", "不适用的规则"),
        "verdict": _f("text", "默认 exempt 放行；review 待人工", choices=("exempt", "review")),
        "when": _f("records", "任一条件成立即豁免", required=True, of="condition"),
    },
    "example": {
        "text": _f("text", "例句，<<>> 标出命中", required=True),
        "by": _f("text", "豁免条款编号"),
        "goods": _f("text", "商品类别", choices=GOODS),
        "page": _f("text", "页面部分", choices=_PAGES),
    },
    "examples": {
        "violation": _f("records", "必须命中，至少 2 条", of="example"),
        "clean": _f("records", "不得命中，至少 2 条", of="example"),
        "exempt": _f("records", "命中但豁免", of="example"),
        "pending": _f("records", "已知漏判，只报告", of="example"),
    },
    "rule": {
        "id": _f("text", "永久编号，不改、不复用", required=True),
        "title": _f("text", "中文名", required=True),
        "severity": _f("text", "若属实有多严重", required=True, choices=tuple(Severity)),
        "confidence": _f("text", "命中多半对不对", required=True, choices=tuple(Confidence)),
        "basis": _f("texts", "法律依据键名", required=True),
        "match": _f("records", "找法，可有多种", required=True, of="match"),
        "message": _f("text", "提示语，不超过 40 字，含 {hit}", required=True),
        "unless": _f("texts", "另外接受的豁免（键名）"),
        "where": _f("texts", "只看这些位置", choices=tuple(ZoneName)),
        "pages": _f("texts", "只用于这些页面部分", choices=_PAGES),
        "goods": _f("texts", "只用于这些商品类别", choices=GOODS),
        "not_goods": _f("texts", "不用于这些商品类别", choices=GOODS),
        "verdict": _f("text", "判定，默认 violation", choices=tuple(Verdict)),
        "scope": _f("text", "text 逐处；page 整页义务", choices=("text", "page")),
        "status": _f("text", "可比整包更窄", choices=STATUSES),
        "valid": _f("record", "可比整包更窄", of="period"),
        "contested": _f("flag", "实践有争议"),
        "yields": _f("flag", "宽泛的规则：同族其他规则也命中同一处时让位"),
        "leaves_to": _f("texts", "这些家族的规则已指出同一处时，本条不再报"),
        "known_false": _f("texts", "已知误报"),
        "note": _f("text", "说明"),
        "allow": _f("texts", "有意不管的检查，写明理由"),
        "examples": _f("record", "例句", of="examples"),
    },
}
