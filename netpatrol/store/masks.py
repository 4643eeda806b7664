"""Masks of natural persons: names, telephones and addresses as screens, reports and exports show them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PERSON_ID = re.compile(r"(?P<name>[^/]{1,60})/(?P<phone>[\d\s+()-]{5,20})\Z")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)(\d{4})(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?\d{2,3})\d{3}(\d{2})(?!\d)")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－Ｘｘ", "0123456789-Xx")
_COUNTY = re.compile(
    r"(?:[^省市县区]{2,6}(?:省|自治区))?(?:[^市州县区]{1,8}(?:市|自治州))?(?:[^县区市街路镇乡]{1,10}?(?:自治县|林区|县|区|市))?"
)
_BRACKET = re.compile(r"[（(]")


def is_person(entity_id: str) -> bool:
    """Say whether an entity id is a natural person's: `name/telephone`."""
    return bool(_PERSON_ID.match(entity_id or ""))


def mask_name(name: str) -> str:
    """Return a person's name with the family name only: 鲁国栋（峡江鲁大姐632号） -> 鲁**（峡江鲁大姐632号）."""
    person, rest = name, ""
    bracket = _BRACKET.search(name)
    if bracket:
        person, rest = name[: bracket.start()], name[bracket.start() :]
    person = person.strip()
    if not person:
        return name
    hidden = person[:1] + "**"
    return hidden + (rest.replace(person, hidden) if len(person) > 1 else rest)


def mask_phone(phone: str) -> str:
    """Return a telephone with its middle hidden: 18612343169 -> 186****3169, 0717-6631028 -> 0717-66***28."""
    masked = mask_phones(phone)
    if masked != phone:
        return masked
    digits = [at for at, character in enumerate(phone) if character.isdigit()]
    hidden = set(digits[len(digits) // 3 : -2]) if len(digits) > 4 else set(digits)
    return "".join("*" if at in hidden else character for at, character in enumerate(phone))


def mask_phones(text: str) -> str:
    """Return a text with all telephones and identity numbers in it masked, also those written in full width."""
    masked = _mask_numbers(text)
    plain = text.translate(_FULL_WIDTH)
    if plain == text or (of_plain := _mask_numbers(plain)) == plain:
        return masked
    return of_plain


def _mask_numbers(text: str) -> str:
    text = _ID_NUMBER.sub(r"\1********\2", text)
    text = _MOBILE.sub(r"\1****\3", text)
    return _LANDLINE.sub(r"\1***\2", text)


def mask_address(address: str) -> str:
    """Return an address up to its county or district, the rest hidden."""
    found = _COUNTY.match(address.strip())
    return (found[0] if found else "") + "***" if address.strip() else ""


def mask_entity_id(entity_id: str) -> str:
    """Return an id as shown: a person's name and telephone masked, a code as it is."""
    found = _PERSON_ID.match(entity_id or "")
    return f"{mask_name(found['name'])}/{mask_phone(found['phone'])}" if found else entity_id


def mask_lead(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lead as shown to people: where its subject, or a candidate, is a natural person, masked throughout."""
    people = _people(document)
    masked: dict[str, Any] = _walk(dict(document), people) if people else dict(document)
    return masked


def _people(document: Mapping[str, Any]) -> dict[str, str]:
    """Return what to replace in all texts of a lead: each person's id and name, longest first."""
    match = document.get("match") or {}
    known = [(document.get("subject"), document.get("subject_name"))]
    for candidate in (match.get("entity"), *(match.get("candidates") or ())):
        if candidate:
            known.append((candidate.get("entity_id"), candidate.get("name")))
    people: dict[str, str] = {}
    for entity_id, name in known:
        found = _PERSON_ID.match(entity_id or "")
        if found and entity_id:
            people |= {entity_id: mask_entity_id(entity_id), found["name"]: mask_name(found["name"])}
            if name:
                people |= {name: mask_name(name), _BRACKET.split(name)[0]: mask_name(_BRACKET.split(name)[0])}
    return {text: people[text] for text in sorted(people, key=len, reverse=True) if len(text) > 1}


def _walk(value: Any, people: Mapping[str, str], name: str = "") -> Any:
    if isinstance(value, Mapping):
        # A feature of a match that compares addresses holds them in `page_value` and `register_value`.
        address = "address" in str(value.get("name", "")).lower()
        names = {key: "address" if address and key.endswith("_value") else key for key in value}
        return {key: _walk(item, people, names[key]) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_walk(item, people, name) for item in value]
    if not isinstance(value, str) or name in ("url", "lead_id", "_id", "evidence", "key", "shop_id", "host"):
        return value
    for text, hidden in people.items():
        value = value.replace(text, hidden)
    value = mask_phones(value)
    return mask_address(value) if name == "address" else value
