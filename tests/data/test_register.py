"""Real registers and publicly reported failures on names, codes, addresses and telephones, read in place."""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netpatrol.entities.determine import match_shop
from netpatrol.entities.divisions import table
from netpatrol.entities.features import evidence_of_fields
from netpatrol.entities.importer import read_register
from netpatrol.entities.names import fold, parse
from netpatrol.entities.places import county_of, locate
from netpatrol.entities.register import Register
from netpatrol.text.read import read_facts, read_text

pytestmark = pytest.mark.data
ASKED = 800


def folder() -> Path:
    return Path(os.environ["NETPATROL_TEST_DATA"])


@pytest.fixture(scope="module")
def real() -> Register:
    files = [folder() / "registry" / name for name in ("yichang_entities.csv.gz", "hubei_entities_other.csv.gz")]
    report = read_register(files)
    assert (report.refused_rows, report.rows) == (0, 11_784)
    return Register.of(report.entities)


def without_place(name: str) -> str:
    written = parse(fold(name)).written
    return name.removeprefix(written) if name.startswith(written) else name


def mistyped(name: str, rng: random.Random) -> str:
    at = rng.randrange(len(name))
    return name[:at] + rng.choice("禾坊康养华美新安") + name[at + 1 :]


NOISE: dict[str, Callable[[str, random.Random], str]] = {
    "width": lambda name, _: name.replace("(", "（").replace(")", "）"),
    "space": lambda name, _: f"【{name[:4]} {name[4:]}】",
    "form": lambda name, _: name.replace("有限责任公司", "有限公司"),
    "province": lambda name, _: name if name.startswith("湖北") else "湖北省" + name,
    "no place": lambda name, _: without_place(name),
    "branch": lambda name, _: name + "西陵分公司" if name.endswith("公司") else name,
    "former": lambda name, _: name + "（原宜昌老康禾堂）",
    "mistyped": mistyped,
    "cut": lambda name, rng: (lambda at: name[:at] + name[at + 1 :])(rng.randrange(len(name))),  # noqa: PLC3002
}


@pytest.mark.parametrize("kind", NOISE)
def test_noisy_forms_of_real_names_find_their_entity(kind: str, real: Register) -> None:
    rng = random.Random(kind)
    found = wrong = 0
    for row in rng.sample(range(len(real)), ASKED):
        entity = real.entity(row)
        match = match_shop(evidence_of_fields({"name": NOISE[kind](entity.name, rng)}), real)
        found += entity.entity_id in {candidate.entity_id for candidate in match.candidates}
        wrong += match.entity is not None and fold(match.entity.name) != fold(entity.name)
    assert found / ASKED >= 0.98
    assert wrong == 0


def test_names_that_are_near_and_not_registered_are_never_asserted(real: Register) -> None:
    """Of names that differ from every registered one in more than the writing of place and form, none is asserted."""
    with gzip.open(folder() / "registry" / "company_names_200k.txt.gz", "rt", encoding="utf-8") as lines:
        names = [line.strip() for line in lines]
    local = [name for name in names if any(place in name for place in ("宜昌", "湖北", "武汉"))]
    strangers = [
        name for name in local if not real.find("name", fold(name)) and not real.find("loose", parse(fold(name)).loose)
    ]
    random.Random(3).shuffle(strangers)
    asserted = [n for n in strangers[:2_000] if match_shop(evidence_of_fields({"name": n}), real).entity is not None]
    assert asserted == []


def test_real_addresses_that_name_a_county_of_the_province_are_placed_in_it(real: Register) -> None:
    counties = {place.name: code for code, place in table().items() if len(code) == 6 and code.startswith("42")}
    asked = right = 0
    for entity in real.entities:
        named = {code for name, code in counties.items() if name in entity.address[:16]}
        if named:
            asked += 1
            right += county_of(entity.address) in named or bool(locate(entity.address).candidates)
    assert asked > 8_000
    assert right / asked >= 0.98


def test_codes_of_a_real_sample_are_imported_or_refused_for_their_shape() -> None:
    report = read_register([folder() / "registry" / "uscc_sample.csv.gz"])
    assert report.refused_rows / report.rows < 0.005
    assert all("形状" in str(error) for error in report.refused)


# -- publicly reported failures ------------------------------------------------------------------------


def failures(*areas: str) -> Iterator[dict[str, str]]:
    with (folder() / "failing-inputs.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            if found["area"] in areas and found["case"]:
                yield found


def case(name: str) -> str:
    return (folder() / "cases" / name).read_text("utf-8")


def test_every_reported_case_of_our_areas_is_read_here() -> None:
    known = {"addr_01", "addr_03", "entity_01", "entity_03", "uscc_01", "uscc_03", "phone_01", "phone_03"}
    assert {
        Path(found["case"]).name[: Path(found["case"]).name.index("_") + 3]
        for found in failures("entity", "uscc", "address", "phone")
    } == known


def test_addresses_of_several_places_decide_nothing() -> None:
    ambiguous, *rest = case("addr_01_ambiguous.txt").split()
    assert locate(ambiguous).code == ""
    assert len(locate(ambiguous).candidates) >= 2
    assert [locate(address).code for address in rest] == [""] * len(rest)


def test_streets_named_after_places_mislead_nobody() -> None:
    addresses = case("addr_03_street_names.txt").split()
    assert [locate(address, towns=False).code for address in addresses] == ["420502", "420503", "23", "31", "4205"]


def test_a_short_core_is_ambiguous() -> None:
    given = json.loads(case("entity_01_short_core.json"))
    from netpatrol.entities.entity import Entity

    register = Register.of(Entity(name=name) for name in given["registry"])
    match = match_shop(evidence_of_fields({"name": given["page_name"]}), register)
    assert match.entity is None


def test_operators_are_told_from_former_names_and_helpers() -> None:
    from netpatrol.entities.entity import Entity

    register = Register.of([Entity(name="宜昌青禾堂大药房有限公司", uscc="91420500MA0000000K")])
    first = case("entity_03_formerly.txt").splitlines()[0]
    match = match_shop(evidence_of_fields({"name": first}), register)
    assert match.entity is not None
    assert match.entity.name == "宜昌青禾堂大药房有限公司"


def test_reported_codes_are_read_right() -> None:
    facts = [
        fact
        for line in case("uscc_03_wrong_check.txt").splitlines()
        for fact in read_facts(read_text(f"统一社会信用代码：{line}")).facts
    ]
    codes = {fact.value for fact in facts if fact.name == "uscc" and fact.valid}
    assert codes == {"91420500MA0000000K"}
    zero = read_facts(read_text("统一社会信用代码：" + case("uscc_01_check_zero.txt").split()[0])).of("uscc")
    assert [fact.valid for fact in zero] == [True]


def test_reported_telephones_are_read_right() -> None:
    order = read_facts(read_text(case("phone_01_order_no.txt"))).values("phone")
    assert "13600000000" in order
    assert not any("260115" in value for value in order)
    forms = {
        "".join(c for c in value if c.isdigit())
        for value in read_facts(read_text(case("phone_03_formats.txt"))).values("phone")
    }
    assert {"07176000000", "4006000000", "13500000000"} <= forms
    assert not any(value.startswith("573900000") for value in forms)


def test_rows_of_a_real_export_are_plain_csv() -> None:
    with gzip.open(folder() / "registry" / "yichang_entities.csv.gz", "rt", encoding="utf-8") as lines:
        assert next(csv.reader(lines))[0] == "name"
