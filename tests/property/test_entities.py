"""Laws of names, places, codes and registers over generated input."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from netpatrol.entities.columns import guess
from netpatrol.entities.determine import match_shop
from netpatrol.entities.entity import Entity
from netpatrol.entities.features import evidence_of_fields
from netpatrol.entities.names import fold, parse, spellings
from netpatrol.entities.places import division_of_code, locate
from netpatrol.entities.readings import registered_reading
from netpatrol.entities.register import Register, decode, encode
from netpatrol.entities.rows import clean, iso_date, phone
from netpatrol.text.codes import organisation_check, uscc_check

HAN = st.text("宜昌市武汉夷陵区深圳青禾砚峰商贸科技有限责任公司店厂（）()原第一路街　 路", max_size=30)
ANY = st.text(max_size=60)
BODY = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=6, max_size=6).map(lambda text: "MA" + text)


@given(HAN | ANY)
def test_folding_is_idempotent(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(HAN | ANY)
def test_parts_put_together_hold_the_whole_name(name: str) -> None:
    parts = parse(fold(name))
    assert len(parts.core) <= len(parts.folded)
    assert parts.folded.endswith(parts.form)
    assert all(text for _, text in spellings(name)) or not fold(name)


@given(HAN | ANY)
def test_places_lie_within_the_text_and_the_table(text: str) -> None:
    place = locate(text)
    assert place.end <= 210
    assert place.code == "" or place.code.isdigit()


@given(ANY)
@example("' 0")
@example("''\u3000' 0")
@example("' a b'")
def test_cells_of_any_kind_are_cleaned(cell: str) -> None:
    assert clean(clean(cell)) == clean(cell) or '="' in cell
    assert phone(cell).isdigit() or phone(cell) == ""
    assert iso_date(cell) == "" or len(iso_date(cell)) == 10
    assert isinstance(guess([cell, cell]), dict)


@given(st.builds(Entity, name=ANY.filter(bool), uscc=ANY, address=ANY, scope=ANY, former=ANY))
def test_rows_come_back_as_they_went(entity: Entity) -> None:
    back = decode(encode(entity))
    assert back.name == entity.name.encode("utf-8", "replace").decode()


@given(BODY, st.integers(0, 17), st.sampled_from("OISZ"))
def test_one_misprint_is_read_as_the_registered_code_or_not_at_all(body: str, at: int, char: str) -> None:
    whole = "91420502" + body + organisation_check(body)
    code = whole + uscc_check(whole)
    register = Register.of([Entity(name="宜昌青禾商贸有限公司", uscc=code)])
    printed = code[:at] + char + code[at + 1 :]
    assert registered_reading(printed, register) in (code, "")
    assert registered_reading(code[:at] + code[at + 1 :], register) in (code, "")
    assert registered_reading(code, register) == code
    assert division_of_code(code) == "420502"


@given(st.dictionaries(st.sampled_from(("name", "uscc", "phone", "address", "icp", "domain", "reg_no")), ANY | HAN))
def test_any_fields_get_an_answer_with_reasons(fields: dict[str, str]) -> None:
    register = Register.of([Entity(name="宜昌青禾商贸有限公司", phone="07176000001")])
    found = match_shop(evidence_of_fields(fields), register, region=("4205",))
    assert found.reasons
