"""The only file that knows YAML: reads pack files, reports every fault at once with its place, builds `PackSet`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from netpatrol.detect.build import build_pack_set
from netpatrol.detect.collector import paused
from netpatrol.detect.fields import RECORDS, Field
from netpatrol.detect.lock import LOCK, read_lock
from netpatrol.detect.model import BUILT_IN, PackSet
from netpatrol.detect.references import check_basis, check_references
from netpatrol.errors import PackError, PackErrors, why

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
RULES = Path(__file__).resolve().parent.parent / "rules"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_BYTES = 4_000_000
_TRAP_TAGS = {
    "tag:yaml.org,2002:bool": "被 YAML 读作是/否",
    "tag:yaml.org,2002:int": "被 YAML 读作数字（前导 0 会丢失，12:30 会变成 750）",
    "tag:yaml.org,2002:float": "被 YAML 读作小数",
    "tag:yaml.org,2002:timestamp": "被 YAML 读作日期",
    "tag:yaml.org,2002:null": "被 YAML 读作空值",
}


class Record(dict[str, Any]):
    """A mapping of a pack file that knows its lines."""

    line: int = 0
    lines: dict[str, int]


@dataclass
class Source:
    """One file being read, with the faults found so far."""

    path: Path
    layer: str
    faults: list[PackError] = field(default_factory=list)
    rule: str = ""

    def fault(self, message: str, line: int = 0) -> None:
        """Note a fault; reading goes on, so that all are shown at once."""
        self.faults.append(PackError(message, path=self.path, line=line, rule=self.rule))


@paused()
def load_packs(*directories: Path | str) -> PackSet:
    """Load all packs of these folders as layers: national first, later folders override rules of the same id.

    Without arguments the packs that come with netpatrol. Raises PackErrors with every fault of every file.
    """
    folders = [Path(directory) for directory in directories] or [RULES]
    records: list[tuple[Source, Record]] = []
    sources: list[Source] = []
    for layer, folder in zip(_layer_names(len(folders)), folders, strict=True):
        if not folder.is_dir():
            raise PackErrors((PackError("规则目录不存在", path=folder),))
        paths = pack_paths(folder)
        if not paths:
            raise PackErrors((PackError("目录里没有规则包（*.yml）", path=folder),))
        for path in paths:
            source = Source(path, layer)
            sources.append(source)
            record = _read_file(source)
            if record is not None:
                records.append((source, record))
    check_basis(records)
    packs = build_pack_set(records) if not any(source.faults for source in sources) else None
    if packs is not None:
        check_references(records, packs, {digest for _, digest in read_lock(RULES / LOCK).values()})
    faults = tuple({str(fault): fault for source in sources for fault in source.faults}.values())
    if faults or packs is None:
        raise PackErrors(faults)
    return packs


def pack_paths(folder: Path) -> list[Path]:
    """Return the pack files of a folder, in the order in which they are read."""
    return sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])


def _layer_names(count: int) -> list[str]:
    return [BUILT_IN, "provincial", "local", *(f"layer{n}" for n in range(4, count + 1))][:count]


def _read_file(source: Source) -> Record | None:
    """Read one file as a record of its schema; faults go to the source."""
    data = _bytes_of(source)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source.fault("文件不是 UTF-8 编码，请另存为 UTF-8", data[: error.start].count(b"\n") + 1)
        return None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*(- )?[a-z_]+：", line):
            source.fault("键名后面用了全角冒号“：”，应改为半角“:”加一个空格", number)
        if "\t" in line[: len(line) - len(line.lstrip())]:
            source.fault("行首用了制表符（Tab），应改为空格", number)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark, bad = getattr(error, "problem_mark", None), _CONTROL.search(text)
        at = mark.line + 1 if mark else text.count("\n", 0, bad.start()) + 1 if bad else 0
        source.fault(f"YAML 写法有误：{getattr(error, 'problem', '') or getattr(error, 'reason', '') or error}", at)
        return None
    if not isinstance(node, yaml.MappingNode):
        source.fault("文件开头应是“schema: netpatrol.pack/1”这样的键值", 1)
        return None
    kind = "shared" if any(k.value == "schema" and "shared" in str(v.value) for k, v in node.value) else "pack"
    return _record(node, kind, source)


def _bytes_of(source: Source) -> bytes | None:
    """Return what a file holds; a pipe or device would never end, so only files are opened."""
    try:
        if not source.path.is_file():
            source.fault("不是文件（是目录、管道、设备或断开的链接），请移走")
        elif source.path.stat().st_size > _MAX_BYTES:
            source.fault(f"文件超过 {_MAX_BYTES // 1_000_000} MB")
        else:
            return source.path.read_bytes()
    except OSError as error:
        source.fault(f"打不开：{why(error)}")
    return None


def _record(node: Any, kind: str, source: Source) -> Record:
    """Read a mapping by the table of its kind."""
    record = Record()
    record.line, record.lines = node.start_mark.line + 1, {}
    if not isinstance(node, yaml.MappingNode):
        if kind == "example" and isinstance(node, yaml.ScalarNode):
            record["text"] = _text(node, source)
            return record
        source.fault("此处应是若干“键: 值”", record.line)
        return record
    table = RECORDS[kind]
    if kind == "rule":
        source.rule = next((str(v.value) for k, v in node.value if k.value == "id"), "")
    for key, value in _pairs(node, source):
        line = value.start_mark.line + 1
        if key not in table:
            source.fault(f"不认识的字段“{key}”，可用：{'、'.join(table)}", line)
            continue
        record.lines[key] = line
        record[key] = _value(value, table[key], source)
    for name, spec in table.items():
        if spec.required and name not in record:
            source.fault(f"缺少字段“{name}”（{spec.note}）", record.line)
    if kind == "rule":
        source.rule = ""
    return record


def _pairs(node: Any, source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a mapping; a key that stands twice is a fault, because YAML keeps the last silently."""
    seen: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            source.fault("键名应是文字", line)
            continue
        name = key.value
        if not key.style and key.tag in _TRAP_TAGS and name not in ("on", "from"):
            source.fault(f"键名“{name}”{_TRAP_TAGS[key.tag]}，请加引号", line)
        if name in seen:
            source.fault(f"键名“{name}”重复，第 {seen[name]} 行已有，前一个会被悄悄丢掉", line)
        seen[name] = line
        yield name, value


def _value(node: Any, spec: Field, source: Source) -> Any:
    """Read one value by its field; a wrong kind is a fault and gives an empty value."""
    if spec.kind in ("record", "records", "record_map"):
        return _records(node, spec, source)
    if spec.kind == "lexicons":
        return {name: _words(value, source) for name, value in _pairs_of(node, source)}
    if spec.kind == "texts":
        texts = _texts(node, source)
        _check_choices(texts, spec, node, source)
        return texts
    if spec.kind == "word_lists":
        return tuple(_texts(item, source) for item in _items(node, source))
    return _scalar(node, spec, source)


def _records(node: Any, spec: Field, source: Source) -> Any:
    if spec.kind == "record":
        return _record(node, spec.of, source)
    if spec.kind == "records":
        return tuple(_record(item, spec.of, source) for item in _items(node, source))
    return {name: _record(value, spec.of, source) for name, value in _pairs_of(node, source)}


def _pairs_of(node: Any, source: Source) -> Iterable[tuple[str, Any]]:
    if isinstance(node, yaml.MappingNode):
        return _pairs(node, source)
    source.fault("此处应是若干“名称: 内容”", node.start_mark.line + 1)
    return ()


def _items(node: Any, source: Source) -> list[Any]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.MappingNode):
        return [node]
    source.fault("此处应是列表（每项以“- ”开头）", node.start_mark.line + 1)
    return []


def _scalar(node: Any, spec: Field, source: Source) -> Any:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        source.fault("此处应是一个值，不是列表或映射", line)
        return {"number": 0, "flag": False, "day": None}.get(spec.kind, "")
    if spec.kind == "text":
        text = _text(node, source)
        _check_choices((text,), spec, node, source)
        return text
    return {"number": _number, "flag": _flag, "day": _day}[spec.kind](node, source)


def _check_choices(texts: Iterable[str], spec: Field, node: Any, source: Source) -> None:
    for text in texts:
        if spec.choices and text not in spec.choices:
            source.fault(f"“{text}”不在可选值内：{'、'.join(spec.choices)}", node.start_mark.line + 1)


def _text(node: Any, source: Source) -> str:
    """Read text; what YAML would take for something else without quotes is a fault with its name."""
    if not isinstance(node, yaml.ScalarNode):
        source.fault("此处应是文字", node.start_mark.line + 1)
        return ""
    if not node.style and node.tag in _TRAP_TAGS:
        shown = node.value or "（空）"
        source.fault(f'“{shown}”没有加引号，{_TRAP_TAGS[node.tag]}；请写成 "{node.value}"', node.start_mark.line + 1)
    return str(node.value)


def _texts(node: Any, source: Source) -> tuple[str, ...]:
    """Read a list of texts; a single text is a list of one."""
    if isinstance(node, yaml.ScalarNode):
        return (_text(node, source),)
    return tuple(_text(item, source) for item in _items(node, source))


def _words(node: Any, source: Source) -> tuple[str, ...]:
    """Read a lexicon: a list of words, or words separated by blanks in one text."""
    if isinstance(node, yaml.ScalarNode):
        return tuple(_text(node, source).split())
    return _texts(node, source)


def _number(node: Any, source: Source) -> int:
    if re.fullmatch(r"[0-9]{1,6}", node.value):
        return int(node.value)
    source.fault(f"“{node.value}”应是整数，至多六位", node.start_mark.line + 1)
    return 0


def _flag(node: Any, source: Source) -> bool:
    if node.value not in ("true", "false"):
        source.fault(f"“{node.value}”应写 true 或 false", node.start_mark.line + 1)
    return bool(node.value == "true")


def _day(node: Any, source: Source) -> date | None:
    if node.value in ("null", "~", ""):
        return None
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        source.fault(f"日期“{node.value}”应写成 2026-01-31 的样子", node.start_mark.line + 1)
        return None
