"""Packs captures for a case file: records, manifests, a summary to read, and a list of digests."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from netpatrol.errors import EvidenceError, NetPatrolError, why
from netpatrol.evidence.chain import canonical, sha256
from netpatrol.evidence.manifest import moment_of
from netpatrol.evidence.reading import sound_record
from netpatrol.items import EvidenceRef
from netpatrol.times import SHANGHAI

SUMMARY = "说明.txt"
SUMS = "sha256sums.txt"


def pack(folder: Path, found: Sequence[tuple[EvidenceRef, dict[str, Any]]], target: Path, title: str) -> Path:
    """Write a zip with the captures and return it; EvidenceError where a record was changed or the file stands."""
    files: dict[str, bytes] = {}
    for ref, entry in found:
        try:
            data = sound_record(folder, entry)
        except EvidenceError as error:
            raise EvidenceError(f"固证 {ref.evidence_id} 不能导出：{error}") from error
        files[f"{ref.evidence_id}.warc.gz"] = data
        # The very bytes that the chain holds: their digest is the manifest's.
        files[f"{ref.evidence_id}.manifest.json"] = canonical(entry)
    files[SUMMARY] = summary(found, title).encode("utf-8")
    sums = "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(files.items()))
    files[SUMS] = sums.encode("utf-8")
    try:
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    except FileExistsError as error:
        raise NetPatrolError(f"文件 {target} 已存在（file exists）") from error
    except OSError as error:
        raise NetPatrolError(f"无法写入 {target}：{why(error)}（cannot write package）") from error
    return target


def summary(found: Sequence[tuple[EvidenceRef, dict[str, Any]]], title: str) -> str:
    """Return the page that a person reads first."""
    lines = [title, "", f"共 {len(found)} 份网页固证。校验：sha256sum -c {SUMS}", ""]
    for ref, entry in found:
        lines += [f"固证编号    {ref.evidence_id}", *describe(ref, entry), ""]
    return "\n".join(lines)


def describe(ref: EvidenceRef, entry: dict[str, Any]) -> list[str]:
    """Return what a handler needs of one capture, a line each."""
    lines = [
        f"网址        {entry['url']}",
        f"最终网址    {entry['final_url']}",
        f"取得时间    {shown(entry['fetched_at'])}（北京时间）",
        f"状态码      {entry['status']}    IP {entry['ip_address'] or '未知'}",
        f"正文摘要    SHA-256 {ref.body_sha256}（{entry['body_length']} 字节）",
        f"清单摘要    SHA-256 {ref.manifest_sha256}",
        f"上一清单    {ref.previous}",
        f"存放        {ref.warc_file} 第 {entry['warc_offset']} 字节起 {entry['warc_length']} 字节",
        f"工具        {entry['tool']}    规则包锁 {entry['pack_lock'] or '无'}",
    ]
    if entry["truncated"]:
        why = "没有收全，对方中途断开" if entry["truncated"] == "disconnect" else "过大，只保存了前一部分"
        lines.append(f"注意        正文{why}（truncated）")
    if entry.get("rendered"):
        lines.append(f"渲染        {json.dumps(entry['rendered'], ensure_ascii=False)}")
    return lines


def shown(text: str) -> str:
    """Return a manifest's time as people here read it."""
    return moment_of(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
