"""亮照义务: whether a shop shows its licence on its home page, as 电子商务法 art 15 asks."""

from __future__ import annotations

from netpatrol.entities.features import ShopEvidence
from netpatrol.items import Duty, Verdict

_SHOWN = ("uscc", "uscc!", "reg_no", "licence_link", "emark")
BASIS = "电子商务法第十五条"


def home_licence(shop: ShopEvidence) -> str:
    """Return present, absent, not_on_home, picture_only, or not_checked (the home page was not read)."""
    if not shop.home_read:
        return "not_checked"
    if any(shown.home for kind in (*_SHOWN, "exempt_statement") for shown in shop.of(kind)):
        return "present"
    if any(shown.home for shown in shop.of("licence_picture")):
        return "picture_only"
    if any(shop.of(kind) for kind in (*_SHOWN, "licence_picture")):
        return "not_on_home"
    return "absent"


_SAID = {
    "absent": ("license.missing", "首页未见营业执照信息或其链接标识，其余网页亦未见"),
    "not_on_home": ("license.not_on_home", "营业执照信息只在子页面，首页未见信息或其链接标识"),
    "picture_only": ("license.picture_only", "首页只有执照图片，未见可核对的文字或链接，须人工核看图片"),
}


def licence_duty(shop: ShopEvidence) -> Duty | None:
    """Return the duty that seems not to be met, None where it is met or could not be checked."""
    found = _SAID.get(home_licence(shop))
    if found is None:
        return None
    rule, why = found
    return Duty(rule_id=rule, verdict=Verdict.REVIEW, reasons=(f"{why}（{BASIS}）",))
