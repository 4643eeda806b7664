"""Measures matching against registers of three sizes: recall by kind of noise, precision, ambiguity, time, memory.

    python bench/entities.py [--sizes 2496,100000,1000000] [--queries 600] [--peer 12] [--keep DIR]

Prints one JSON object for each size. The peer is `rapidfuzz.process.extractOne` over all names, in the same run,
turn by turn, CPU time. Names are made of syllables that firms use, with real places: the figures are
those of made-up registers.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

FIRST = "禾坊云谷砚峰青岚知墨半影雁岸鹿里渔川栖巷石坞杉景麓信葵源泊麦屋岩溪晨汀澜屿筑棠简序朴拾光陌上桐荻芦蒲竹松柏榆槐枫荷莲菱荇萍"
TRADES = (
    "商贸", "科技", "生物科技", "电子商务", "食品", "茶业", "酒业", "农业", "生态农业", "康养", "医药", "大药房", "服饰", "家具",
    "建材", "装饰工程", "文化传媒", "旅游", "餐饮", "物流", "信息咨询", "投资咨询", "房地产经纪", "果业", "水产", "纺织", "电器",
    "机械设备", "化工", "印刷",
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "经营部", "店", "专业合作社", "服务中心")
PLACES = (
    "宜昌", "宜昌市", "宜昌市夷陵区", "宜昌市西陵区", "宜昌市伍家岗区", "枝江市", "当阳市", "宜都市", "远安县", "秭归县", "兴山县", "长阳",
    "五峰", "武汉", "武汉市", "襄阳", "襄阳市", "荆州市", "黄石", "十堰市", "荆门", "孝感市", "恩施", "咸宁市", "随州", "黄冈市",
)  # fmt: skip
TRADITIONAL = str.maketrans("谷岸电务农业药饰贸设备济龙东园乐华", "穀岸電務農業藥飾貿設備濟龍東園樂華")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HEADER = (
    "统一社会信用代码",
    "名称",
    "主体类型",
    "法定代表人",
    "住所",
    "登记状态",
    "联系电话",
    "网站域名",
    "核准日期",
    "经营范围",
)


def code(number: int, rng: random.Random) -> str:
    """Return a code with right check characters."""
    from netpatrol.text.codes import organisation_check, uscc_check

    body = "MA" + "".join(ALPHABET[number // 31**power % 31] for power in range(5)) + rng.choice(ALPHABET)
    start = "914205" + rng.choice(("02", "03", "06", "81", "82", "83")) + body + organisation_check(body)
    return start + uscc_check(start)


def rows(size: int, broken: float, seed: int = 1) -> Iterator[list[str]]:
    """Yield rows of a register; a share of them is broken."""
    rng, used = random.Random(seed), set()
    number = 0
    while number < size:
        brand = "".join(rng.choice(FIRST) for _ in range(rng.choice((2, 2, 3, 3, 4))))
        place = rng.choice(PLACES)
        name = f"{place}{brand}{rng.choice(TRADES)}{rng.choice(FORMS)}"
        if name in used:
            continue
        used.add(name)
        number += 1
        street = f"{place}{rng.choice(FIRST)}{rng.choice(FIRST)}路{rng.randrange(1, 400)}号"
        row = [
            code(number, rng), name, "企业", rng.choice(FIRST) + rng.choice(FIRST), street, "存续",
            f"1{rng.randrange(3 * 10**9, 10**10)}", f"s{number}.example" if rng.random() < 0.1 else "", "2024-05-06",
            "日用百货、农副产品、预包装食品销售；信息咨询服务（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
        ]  # fmt: skip
        if rng.random() < broken:
            row[1] = rng.choice(("", "\ufffd\ufffd\ufffd", "91420", '=HYPERLINK("http://x.invalid")'))
        yield row


def without_place(name: str) -> str:
    """Return a name without the place that it begins with."""
    return next((name.removeprefix(p) for p in sorted(PLACES, key=len, reverse=True) if name.startswith(p)), name)


def mistyped(name: str, rng: random.Random) -> str:
    """Return a name with one character wrong."""
    at = rng.randrange(2, len(name) - 2)
    return name[:at] + rng.choice(FIRST) + name[at + 1 :]


def other_form(name: str) -> str:
    """Return a name with its legal form written otherwise."""
    return name.replace("有限责任公司", "有限公司") if "责任" in name else name.replace("有限公司", "公司")


NOISE: dict[str, Callable[[str, random.Random], str]] = {
    "as it is": lambda name, _: name,
    "form": lambda name, _: other_form(name),
    "place": lambda name, _: "湖北省" + name,
    "no place": lambda name, _: without_place(name),
    "traditional": lambda name, _: name.translate(TRADITIONAL),
    "space": lambda name, _: f"【{name[:4]} {name[4:]}】",
    "typing error": mistyped,
}


def resident() -> int:
    """Return the resident memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 10**6


def measure(size: int, queries: int, peer: int, folder: Path) -> dict[str, object]:
    """Return the figures of one size."""
    home = folder / f"home{size}"
    table = folder / f"register{size}.csv"
    if not table.exists():
        with table.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(HEADER)
            writer.writerows(rows(size, 0.01))
    result: dict[str, object] = {"size": size}
    if not (home / "register" / "current").exists():
        result |= run_apart("import", home, table)
    result |= run_apart("load", home, table)
    result |= run_apart("match", home, table, str(queries), str(peer))
    return result


def run_apart(what: str, home: Path, table: Path, *more: str) -> dict[str, object]:
    """Run one part in a process of its own, so that memory is its own."""
    command = [sys.executable, __file__, f"--part={what}", str(home), str(table), *more]
    return dict(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))


def part_import(home: Path, table: Path) -> dict[str, object]:
    """Import the table."""
    import resource

    from netpatrol.entities.importer import read_register
    from netpatrol.entities.updates import update_register

    begun = time.perf_counter()
    report = read_register([table])
    read = time.perf_counter() - begun
    after_reading = resident()
    done = update_register(home, report, now=datetime.now(UTC))
    return {
        "entities": len(done.register),
        "refused": report.refused_rows,
        "import_s": round(time.perf_counter() - begun, 1),
        "read_s": round(read, 1),
        "read_mb": after_reading,
        "import_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }


def part_load(home: Path, table: Path) -> dict[str, object]:
    """Load the register as a worker does, with everything that it may use."""
    import numpy  # noqa: F401

    from netpatrol.entities.register import Register

    before, begun = resident(), time.perf_counter()
    register = Register.load(home)
    assert register is not None
    mapped = time.perf_counter() - begun
    register.finder.find("没有")
    whole = time.perf_counter() - begun
    return {"load_s": round(mapped, 3), "load_with_names_s": round(whole, 2), "load_mb": resident() - before}


def part_match(home: Path, table: Path, queries: str, peer: str) -> dict[str, object]:
    """Ask for noisy names, and turn by turn the peer for some of them."""
    from rapidfuzz import process

    from netpatrol.entities.determine import match_shop
    from netpatrol.entities.features import evidence_of_fields
    from netpatrol.entities.rank import best_rows
    from netpatrol.entities.register import Register

    register = Register.load(home)
    assert register is not None
    rng = random.Random(7)
    chosen = rng.sample(range(len(register)), min(int(queries), len(register)))
    known = [register.folded(row) for row in range(len(register))]
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    ours: list[float] = []
    theirs: list[float] = []
    confused: list[str] = []
    best_rows(register.entity(0).name + "错字", register)  # tables of places are loaded on first use
    for kind, noise in NOISE.items():
        for number, row in enumerate(chosen):
            entity = register.entity(row)
            shown = noise(entity.name, rng)
            begun = time.thread_time()
            rows_found = best_rows(shown, register)
            ours.append(time.thread_time() - begun)
            if number < int(peer):
                begun = time.thread_time()
                process.extractOne(shown, known)
                theirs.append(time.thread_time() - begun)
            match = match_shop(evidence_of_fields({"name": shown}), register)
            ids = {candidate.entity_id for candidate in match.candidates}
            tally[kind]["asked"] += 1
            tally[kind]["found"] += entity.entity_id in ids
            tally[kind]["cascade"] += row in rows_found
            tally[kind]["asserted"] += match.entity is not None
            if match.entity is not None and match.entity.entity_id != entity.entity_id:
                tally[kind]["wrong"] += 1
                confused.append(f"{shown} -> {match.entity.name} (right: {entity.name})")
            tally[kind]["ambiguous"] += match.entity is None and len(ids) > 1
    asserted = sum(t["asserted"] for t in tally.values())
    return {
        "recall": {kind: round(t["found"] / t["asked"], 4) for kind, t in tally.items()},
        "recall_all": round(sum(t["found"] for t in tally.values()) / sum(t["asked"] for t in tally.values()), 4),
        "cascade_recall": round(sum(t["cascade"] for t in tally.values()) / sum(t["asked"] for t in tally.values()), 4),
        "asserted": {kind: round(t["asserted"] / t["asked"], 3) for kind, t in tally.items()},
        "precision": round(1 - sum(t["wrong"] for t in tally.values()) / asserted, 5) if asserted else None,
        "ambiguous": {kind: round(t["ambiguous"] / t["asked"], 3) for kind, t in tally.items()},
        "ms_a_query": round(statistics.fmean(ours) * 1000, 4),
        "ms_a_query_median": round(statistics.median(ours) * 1000, 4),
        "peer_ms": round(statistics.fmean(theirs) * 1000, 2) if theirs else None,
        "times_faster": round(statistics.fmean(theirs) / statistics.fmean(ours)) if theirs else None,
        "match_mb": resident(),
        "confused": confused[:10],
    }


def main() -> None:
    """Measure all sizes."""
    if len(sys.argv) > 1 and sys.argv[1].startswith("--part="):
        part = {"import": part_import, "load": part_load, "match": part_match}[sys.argv[1].removeprefix("--part=")]
        print(json.dumps(part(Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]), ensure_ascii=False))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2496,100000,1000000")
    parser.add_argument("--queries", type=int, default=600)
    parser.add_argument("--peer", type=int, default=12)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for size in map(int, options.sizes.split(",")):
            print(json.dumps(measure(size, options.queries, options.peer, folder), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
