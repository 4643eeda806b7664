"""Writes the skeleton of a new rule into a pack file, ready to be filled in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from netpatrol.errors import NetPatrolError

REVIEWED_AGAIN = timedelta(days=182)

_PACK = """\
schema: netpatrol.pack/1
pack: {pack}
title: 本地规则
version: 1
status: trial                 # draft 草稿 → trial 试用 → active 启用 → retired 停用
owner: 请填写
review: {{by: 请填写, on: {on}, due: {due}}}
valid: {{from: 2015-09-01, until: null}}
penalty: 请填写罚则幅度

legal_basis:
  basis-1:
    title: 中华人民共和国广告法
    article: 第九条第三项
    in_force: {{from: 2015-09-01, until: null}}
    checked: false            # 法规科核对原文后改为 true

unless: [LAW, NEG]            # 接受的豁免；可用的见内置规则包的 exemptions

rules:
"""
_RULE = """\
  - id: {rule}
    title: {word}
    severity: medium          # critical high medium low info：若属实有多严重
    confidence: medium        # high medium low：命中多半对不对
    basis: [basis-1]
    match:
      - any: ["{word}"]
    message: "{word}：{{hit}}"
    examples:
      violation:              # 至少 2 条，<< >> 标出命中
        - "请写一句含有<<{word}>>的宣传"
        - ""
      clean:                  # 至少 2 条，相像但不该命中
        - ""
        - ""
"""
_ID = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")


def new_rule(file: Path, rule: str, word: str, on: date) -> int:
    """Append a rule skeleton, making the pack (reviewed `on` this day) if there is none; returns the line on which it starts."""
    if not _ID.fullmatch(rule):
        raise NetPatrolError(f"编号“{rule}”应是小写字母、数字、下划线，以点分段，如 absolute.local.tea_king")
    if not rule.startswith(f"{file.stem}."):
        raise NetPatrolError(f"编号应以文件名“{file.stem}.”开头")
    if any(char in word for char in '"\n\\'):
        raise NetPatrolError("词里不能有引号、反斜杠或换行")
    before = file.read_text(encoding="utf-8") if file.exists() else _PACK.format(pack=file.stem, on=on, due=on + REVIEWED_AGAIN)
    if f"id: {rule}\n" in before:
        raise NetPatrolError(f"{file} 里已有 {rule}")
    before = before if before.endswith("\n") else before + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + _RULE.format(rule=rule, word=word), encoding="utf-8")
    return before.count("\n") + 1
