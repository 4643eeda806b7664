"""How a lead looks to a handler, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netpatrol.commands.tables import safe
from netpatrol.leads.score import SEVERITY_NAMES

if TYPE_CHECKING:
    from netpatrol.items import Decision

# What a person may decide -> other ways to say it.
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "claim": ("认领", "assign", "take"),
    "confirm": ("属实", "立案", "confirmed", "violation", "true"),
    "dismiss": ("不属实", "误报", "不予立案", "dismissed", "rejected", "false", "false_positive"),
    "correct": ("责令改正", "corrected", "order"),
    "transfer": ("移送", "transferred"),
    "finish": ("办结", "finished", "closed", "done"),
}
STATUS = {"open": "未结", "closed": "已关闭", "superseded": "已被取代"}
DETERMINATION = {
    "match": "在册",
    "mismatch": "代码与主体不符",
    "revoked": "已吊销或注销",
    "invalid_code": "代码无效",
    "no_match": "未识别出在册主体",
    "out_of_region": "外地主体",
    "self_declared_exempt": "自称免于登记",
    "unknown": "未能判定",
}
VERDICT = {"violation": "疑点", "review": "待人工查看", "exempt": "豁免"}
CANDIDATE = {"exact": "确定", "likely": "很可能", "possible": "可能"}
WHAT = {
    "new": "新发现",
    "changed": "有变化",
    "closed": "关闭",
    "reopened": "重新出现",
    "restored": "规则恢复，重新认定",
    "superseded": "主体变更，被取代",
}
REASON = {
    "corrected": "页面已改正", "gone": "页面或网店已消失", "moved": "网店已搬迁", "parked": "域名已停放或出售",
    "subject_changed": "主体判定已变", "withdrawn": "用语仍在页面上，现行规则不再认定",
}  # fmt: skip


def lead_row(lead: Mapping[str, Any]) -> list[str]:
    """Return the row of a lead in a list."""
    findings = [finding for finding in lead["findings"] if finding["verdict"] == "violation"] or lead["findings"]
    quote = findings[0]["quote"] if findings else ""
    more = f"（共 {len(findings)} 处）" if len(findings) > 1 else ""
    return [
        lead["lead_id"][:8],
        str(lead["priority"]),
        STATUS.get(lead["status"], lead["status"]),
        lead["shop_id"],
        lead["family"],
        quote[:40] + more,
        lead["subject_name"][:24],
        DETERMINATION.get(lead["determination"], lead["determination"]),
        lead["unit"],
        _day(lead["last_seen"]),
    ]


def _day(moment: Any) -> str:
    from netpatrol.store.export import shown

    return shown(moment)[:16].replace("T", " ")


def lead_text(lead: Mapping[str, Any], decisions: Sequence[Decision], events: Sequence[Mapping[str, Any]]) -> str:
    """Return all that a handler needs of a lead, as lines of text."""
    lines = [*_heading(lead), *_findings(lead), *_match(lead)]
    lines += ["", "研判"] if decisions else []
    lines += [f"  {_day(one.at)}  {_decided(one.verdict)}  {one.by}  {one.note}" for one in decisions]
    lines += _found_since(lead, decisions)
    lines += ["", "经过"] + [f"  {_day(event['at'])}  {_what(event)}" for event in events]
    return "".join(f"{safe(line)}\n" for line in lines)


def _decided(verdict: str) -> str:
    return VERDICTS.get(verdict, (verdict,))[0]


def _found_since(lead: Mapping[str, Any], decisions: Sequence[Decision]) -> Iterator[str]:
    """Yield a line on what was found after the latest decision, which that is not about."""
    from netpatrol.store.decided import found_since

    found = found_since(lead, decisions[-1]) if decisions else []
    if found:
        yield f"  这之后又发现 {len(found)} 处，上面的研判没有包括：{'；'.join(one['quote'] for one in found[:5])}"


def _heading(lead: Mapping[str, Any]) -> list[str]:
    status, why = STATUS.get(lead["status"], lead["status"]), "；".join(lead["priority_reasons"])
    return [
        f"线索  {lead['lead_id']}",
        f"状态  {status}    优先 {lead['priority']}（{why}）",
        f"网店  {lead['shop']['name'] or lead['shop_id']}  {lead['shop']['url']}",
        f"主体  {lead['subject_name']}（{lead['subject']}）",
        f"判定  {DETERMINATION.get(lead['determination'], lead['determination'])}    管辖 {lead['unit'] or '未定'}",
        f"类别  {lead['family']}",
        f"时间  首次发现 {_day(lead['first_seen'])}，最近发现 {_day(lead['last_seen'])}（北京时间）",
    ]


def _findings(lead: Mapping[str, Any]) -> Iterator[str]:
    for finding in lead["findings"]:
        verdict = VERDICT.get(finding["verdict"], finding["verdict"])
        clause = f"（{finding['exemption']}）" if finding["exemption"] else ""
        yield ""
        severity = SEVERITY_NAMES.get(finding["severity"], finding["severity"])
        yield f"{verdict}{clause}  「{finding['quote']}」  {finding['rule_id']}  {severity}"
        yield f"  所在  {finding['clause']}"
        yield f"  网页  {finding['url']}（{finding['zone']}）"
        for citation in finding["basis"]:
            yield f"  依据  {citation['law']} {citation['article']}"
        for reason in finding["reasons"]:
            yield f"  理由  {reason}"
        yield f"  固证  {'、'.join(finding['evidence'])}"


def _match(lead: Mapping[str, Any]) -> Iterator[str]:
    match = lead.get("match") or {}
    yield ""
    yield "主体匹配"
    for reason in match.get("reasons") or ():
        yield f"  {reason}"
    for candidate in match.get("candidates") or ():
        sure = CANDIDATE.get(candidate["verdict"], candidate["verdict"])
        yield f"  {candidate['name']}（{candidate['entity_id']}） {candidate['score']:.2f} {sure}"
        for feature in candidate["features"]:
            yield f"    {feature['why']}：网页 {feature['page_value']}，登记 {feature['register_value']}"


def _what(event: Mapping[str, Any]) -> str:
    reason = event["details"].get("closed_reason", "")
    what = WHAT.get(event["what"], event["what"])
    return f"{what}（{REASON.get(reason, reason)}）" if reason else what
