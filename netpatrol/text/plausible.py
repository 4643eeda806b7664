"""Owns the judgement whether decoded text looks like something that people write, above all like Chinese.

No data table: what is common follows from the standards themselves. The first level of GB 2312 holds the 3,755
common simplified characters, the first level of Big5 the 5,401 common traditional ones.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

# The characters that stand on nearly every Chinese page; a wrong decoding hardly ever hits them.
_FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程"
    "展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处理府研究报信站网店价格商购买卖联系电话地址备案号版权所有首页欢迎服务中心产品介绍更新热销客户疗效药健康"
    "這個為國來時們會發動學說產種過對後點從業應開還樣與關問題長門見經電話號頁歡迎聯繫網權價格買賣產品療效藥書車東"
)


_ASCII = re.compile(r"[\x00-\x7f]+")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f]")
_ENOUGH = 8_000  # characters beyond ASCII that are judged


@dataclass(frozen=True, slots=True)
class Look:
    """What a decoded sample looks like. `score` is -3 to 1; `seen` characters were judged.

    `common` are everyday Chinese characters, `broken` unreadable and private-use ones.
    """

    score: float
    han: int
    common: int
    broken: int
    seen: int

    @property
    def convincing(self) -> bool:
        """Return whether nothing better needs to be looked for."""
        return self.score > 0.75

    @property
    def doubtful(self) -> bool:
        """Return whether this does not read as text; a few stray bytes in much Chinese are no doubt."""
        return self.seen > 0 and self.score < 0.25 and self.common * 3 < self.seen * 2


@cache
def _weights(codec: str) -> dict[str, float]:
    """Return the weight of each common character in text of that encoding."""
    simplified = {
        bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
    }
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    traditional = {bytes((row, cell)).decode("big5", "ignore") for row in range(0xA4, 0xC7) for cell in trails}
    common = {"gb18030": simplified, "big5hkscs": traditional}.get(codec, simplified | traditional)
    weights = dict.fromkeys(simplified | traditional, 0.35)
    weights.update(dict.fromkeys(common, 0.75))
    weights.update(dict.fromkeys(_FREQUENT, 1.0))
    weights.pop("", None)
    return weights


def look_at(text: str, codec: str = "") -> Look:
    """Return how a text that was decoded with this codec looks; only characters beyond ASCII count."""
    weights = _weights(codec)
    controls = len(_CONTROL.findall(text))
    total = -float(controls)
    seen = controls
    han = common = broken = 0
    for char, count in Counter(_ASCII.sub("", text)[:_ENOUGH]).items():
        seen += count
        weight = weights.get(char)
        if weight is not None:
            han += count
            common += count
        elif "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char >= "\U00020000":
            han, weight = han + count, -0.3
        else:
            weight = _weight_of_other(char)
            broken += count * (weight <= -2)
        total += weight * count
    return Look(score=total / seen if seen else 1.0, han=han, common=common, broken=broken, seen=seen)


def _weight_of_other(char: str) -> float:
    """Return the weight of a character that is not Han: punctuation and kana are usual, mojibake is not."""
    code = ord(char)
    if code == 0xFFFD or 0xE000 <= code <= 0xF8FF:
        return -3.0
    if 0x80 <= code <= 0x9F:
        return -2.0
    if (
        0x3000 <= code <= 0x303F
        or 0xFF01 <= code <= 0xFF5E
        or char in "·—…“”‘’￥×°©®™　、。\u00a0→←↑↓■□●○★☆◆◇▲△▼▽※№①②③④⑤⑥⑦⑧⑨"
    ):
        return 0.6
    if 0x3040 <= code <= 0x30FF or 0xAC00 <= code <= 0xD7A3:
        return 0.3
    if 0xC0 <= code <= 0x24F:
        return 0.3
    if 0x200B <= code <= 0x206F or code >= 0x1F000 or 0x2190 <= code <= 0x2BFF or 0xFE00 <= code <= 0xFE0F:
        return 0.2
    return -0.3
