"""How common words are in running text: a search should start at the rarest word of a pattern."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from math import inf

_RARE = 2.0  # per million characters, for what the table does not know
_LATIN = 60.0
_SINGLE = 5.0  # a dictionary counts words; in running text a character stands in far more of them
_ON_SHOPS = 400.0  # pages of shops are full of words that a dictionary made of newspapers and novels calls rare
# fmt: off
_SHOP_WORDS = frozenset((
    "快递", "运费", "发货", "退货", "退换", "客服", "定制", "包装", "正品", "商品", "宝贝", "规格", "尺码", "材质", "面料",
    "颜色", "现货", "包邮", "下单", "收货", "物流", "店铺", "本店", "小店", "作坊", "小作坊", "品牌", "品质", "顾客", "用户",
    "客户", "买家", "评价", "评论", "图片", "视频", "数据", "推荐", "使用", "购买", "采购", "安装", "订购", "选购", "优惠",
    "活动", "套餐", "价格", "数量", "库存", "详情", "参数", "每天", "多年", "最新", "热门", "热卖", "专用", "通用", "代理",
    "加盟", "项目", "创业", "合伙", "招商", "商铺", "公寓", "写字楼", "商业街", "车位", "师资", "培训", "学历", "学习", "英语",
    "课程", "讲座", "面试", "医美", "理疗", "磁疗", "雾化", "雾化器", "血压", "血压计", "血糖", "尿酸", "玻尿酸", "护肤", "面膜",
    "茶叶", "水果", "礼盒", "老窖", "饮料", "零食", "保健品", "功能", "效果", "质量", "工艺", "设计",
    "里的", "中的", "就不", "不发", "下方", "同步", "当天", "付款", "免费", "直接", "通过", "选择", "处理",
))
# fmt: on
_EVERYWHERE = dict.fromkeys("的了是在我有不就都和很也个这人一用买", 20_000.0)


def cost(words: Iterable[str], most: float = inf) -> float:
    """Return about how often any of these words stands in a million characters of Chinese text; inf where above `most`."""
    total = 0.0
    for word in words:
        total += _frequency(word)
        if total > most:
            return inf
    return total


@lru_cache(maxsize=8_000)
def _frequency(word: str) -> float:
    """Return the frequency of a word: no more than that of its rarest pair of characters."""
    table = _table()
    if len(word) == 1:
        known = table.get(word, _LATIN if word.isascii() else _RARE)
        return _EVERYWHERE.get(word, known * _SINGLE)
    if word in _SHOP_WORDS:
        return _ON_SHOPS
    pairs = [table.get(word[i : i + 2], _RARE) for i in range(len(word) - 1)]
    return min(pairs) / (len(word) - 1)


@lru_cache(maxsize=1)
def _table() -> dict[str, float]:
    """Return word -> count per million (data/wordfreq.txt states its source and licence)."""
    lines = files("netpatrol").joinpath("data/wordfreq.txt").read_text(encoding="utf-8").splitlines()
    return {word: float(count) for word, count in (line.split() for line in lines if not line.startswith("#"))}
