"""Check digits and the one repair."""


from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.text.codes import (
    ALPHABET,
    has_uscc_shape,
    is_citizen_id,
    is_registration_number,
    is_strict_uscc,
    is_uscc,
    organisation_check,
    repair_uscc,
    uscc_check,
)


def make(prefix: str, body8: str) -> str:
    body = prefix + body8 + organisation_check(body8)
    return body + uscc_check(body)


VALID = make("91420502", "MA4GH2K7")


@pytest.mark.parametrize(
    "prefix",
    [
        "91420500",
        "92420581",
        "93420525",
        "12420500",
        "51420000",
        "52420500",
        "53100000",
        "54420582",
        "N2420506",
        "11420500",
    ],
)
def test_accepts_all_kinds_of_bodies(prefix: str) -> None:
    assert is_uscc(make(prefix, "MA5T2W31"))


def test_accepts_a_check_character_of_zero() -> None:
    codes = [make("91420500", f"MA{number:06d}") for number in range(60)]
    zero = [code for code in codes if code[-1] == "0"]
    assert zero
    assert all(is_uscc(code) for code in zero)


@pytest.mark.parametrize(
    "code",
    ["1" * 18, "9" * 18, VALID[:17], VALID + "0", VALID[:17] + ALPHABET[(ALPHABET.index(VALID[17]) + 1) % 31], VALID.lower(),
     "91420502" + "IOZSV" + VALID[13:], "9199" + VALID[4:], "", "９" + VALID[1:]],
    ids=["ones", "nines", "short", "long", "wrong_check", "small", "illegal_letters", "no_such_province", "empty", "full_width"],
)  # fmt: skip
def test_refuses(code: str) -> None:
    assert not is_uscc(code)


def test_a_broken_organisation_check_is_no_ground_for_refusal() -> None:
    body = "91420502MA4GH2K7"
    wrong = next(char for char in "0123456789X" if char != organisation_check(body[8:]))
    code = body + wrong + uscc_check(body + wrong)
    assert is_uscc(code)
    assert not is_strict_uscc(code)


CITIZEN = "420502199003078517"


def citizen() -> str:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(char) * weight for char, weight in zip(CITIZEN[:17], weights, strict=True))
    return CITIZEN[:17] + "10X98765432"[total % 11]


def test_knows_a_citizens_id() -> None:
    assert is_citizen_id(citizen())
    assert not is_uscc(citizen())
    assert not is_citizen_id("42050219901307851" + citizen()[-1])


@pytest.mark.parametrize("number", ["420500000012346", "420503000055625"])
def test_old_registration_numbers(number: str) -> None:
    wrong = number[:-1] + str((int(number[-1]) + 3) % 10)
    assert is_registration_number(number) != is_registration_number(wrong) or not is_registration_number(wrong)


def test_old_registration_number_by_its_standard() -> None:
    product = 10
    for digit in "42050200000123":
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    number = "42050200000123" + str((11 - product) % 10)
    assert is_registration_number(number)
    assert sum(is_registration_number(number[:14] + str(digit)) for digit in range(10)) == 1
    assert not is_registration_number("1" * 15)
    assert not is_registration_number("")


WITH_ZERO = make("91420500", "MA5T0R15")
WITH_FIVE_TWO = make("91420525", "MA521K07")


@pytest.mark.parametrize(
    ("printed", "meant"),
    [(WITH_ZERO.replace("0", "O"), WITH_ZERO), (WITH_ZERO.replace("0", "O", 1), WITH_ZERO),
     (WITH_FIVE_TWO.replace("1", "I"), WITH_FIVE_TWO), (WITH_FIVE_TWO.replace("2", "Z"), WITH_FIVE_TWO),
     (WITH_FIVE_TWO.replace("5", "S"), WITH_FIVE_TWO), (WITH_FIVE_TWO[:2] + WITH_FIVE_TWO[2:].replace("0", "O"), WITH_FIVE_TWO)],
    ids=["all_O", "one_O", "I", "Z", "S", "O_in_the_body"],
)  # fmt: skip
def test_repairs_what_can_only_be_meant_one_way(printed: str, meant: str) -> None:
    assert repair_uscc(printed) == meant


def test_repairs_a_doubled_and_a_dropped_character() -> None:
    assert repair_uscc(VALID[:10] + VALID[10] + VALID[10:]) == VALID
    twice = make("91420500", "MA7733K1")
    assert repair_uscc(twice.replace("77", "7", 1)) == twice


def test_repairs_nothing_that_is_merely_wrong() -> None:
    wrong = VALID[:17] + ALPHABET[(ALPHABET.index(VALID[17]) + 1) % 31]
    assert repair_uscc(wrong) is None
    assert repair_uscc("") is None
    assert repair_uscc("O" * 18) is None


@given(st.text(alphabet=ALPHABET + "IOZSV", min_size=15, max_size=20))
def test_a_repair_is_always_valid(printed: str) -> None:
    repaired = repair_uscc(printed)
    assert repaired is None or (is_uscc(repaired) and has_uscc_shape(repaired))
