"""管辖: which unit a shop belongs to. A site of its own follows its operator's domicile, a platform's shop the place of
business; what lies outside goes to where it belongs.
"""

from __future__ import annotations

from netpatrol.entities.entity import Entity
from netpatrol.entities.features import ShopEvidence
from netpatrol.entities.places import division_of_code, is_inside, is_outside, locate
from netpatrol.entities.units import Units, transfer


def unit_of(
    shop: ShopEvidence, entity: Entity | None, region: tuple[str, ...], units: Units, elsewhere: str = ""
) -> tuple[str, tuple[str, ...]]:
    """Return the unit that handles a shop, and Chinese sentences on what decided, conflicts among them.

    `elsewhere` is the division outside the region that the determination rests on, if it does.
    """
    if elsewhere:
        return transfer(elsewhere), (f"经营者在辖区外，应移送 {transfer(elsewhere).removeprefix('transfer ')}",)
    domicile, business = _domicile(entity), _business(shop)
    place, said = (business, "实际经营地") if not shop.own_host and business else (domicile, "登记住所")
    place, said = (place, said) if place else (business, "所示地址")
    if place and is_outside(place, region):
        place, said = (domicile, "登记住所") if is_inside(domicile, region) else ("", "")
    notes = []
    if domicile and business and not _agree(domicile, business):
        notes.append(f"管辖冲突：登记住所区划 {domicile}，所示经营地区划 {business}，按{said}定")
    unit = units.handling(place)
    if unit is not None:
        return unit.name, (*notes, f"按{said}（区划 {place}）由{unit.name}管辖")
    if entity is not None and entity.station and place == domicile:
        return entity.station, tuple(notes)
    centre = units.centre
    return (centre.name, (*notes, f"无属地单位可定，由{centre.name}处理")) if centre else ("", tuple(notes))


def _domicile(entity: Entity | None) -> str:
    """Return the division of an entity's domicile, as deep as its address tells."""
    if entity is None:
        return ""
    for text in (entity.address, entity.county):
        place = locate(text, near=division_of_code(entity.uscc or entity.reg_no)[:2]).code
        if len(place) >= 6:
            return place
    return division_of_code(entity.uscc or entity.reg_no)


def _business(shop: ShopEvidence) -> str:
    """Return the division where a shop says it does business, else where its parcels come from."""
    for text in (*(shown.value for shown in shop.own("address")[:3]), *(clue.address for clue in shop.clues if not clue.shared)):
        place = locate(text).code
        if len(place) >= 4:
            return place
    return ""


def _agree(one: str, two: str) -> bool:
    return one.startswith(two[:6]) or two.startswith(one[:6])
