"""Owns postal addresses on a page: what stands behind a label like 住所 and reads like a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from netpatrol.text.found import HAN, MOST, Found, Words
from netpatrol.text.operators import printed_name

_LABEL = re.compile(r"(?<![ip子网邮箱])地 {0,6}址|住所|经营场所|营业场所|经营地点|发货地|厂址|店址|办公地点")
_NOT_ADDRESS = re.compile(
    r"(?:邮箱|邮件|e-?mail|ip|mac|收货|网站|填写|您的|你的|选择|新增|管理|默认|服务器|链接|收件|送货|修改|详细)$"
)
_STOP = re.compile(
    r"[\n|。;；!！?？<>]|\s{3,}|\s{0,3}(?:联系电话|服务电话|客服电话|电话|手机|热线|邮编|邮政编码|联系人|[收寄]件人|收货人|"
    r"联系方式|传真|tel|phone|e-?mail|邮箱|统一社会|信用代码|法定代表|经营范围|营业执照|注册号|icp|备案|版权|"
    r"copyright|©|网址|qq|微信|客服|营业时间|24小时|(?:食品|药品|卫生|生产|经营)[^\s,，]{0,8}(?:许可|备案)|许可证|条形?码|商品编[码号]|货号|执行标准|"
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川蜀青藏琼宁]icp|[京鄂粤沪浙苏]公网安备)"
)
_SURELY = re.compile(
    r"[一-鿿]{2,12}[省市县区州][^,，]{0,40}[路街道号村镇乡组栋楼城园]|[一-鿿]{2,10}[市县区][一-鿿]{0,8}$"
)
_BEFORE = re.compile(r"(?:\(住所\)|[\s:：为是\-])*")
_LIKE = re.compile(r"[省市区县镇乡路街道村号巷弄楼栋幢室厦园城组社庄场]")


def find_addresses(words: Words) -> Iterator[Found]:
    """Yield addresses after their labels; forms to fill in and addresses of other kinds (e-mail, net) are none."""
    norm = words.norm
    for label in islice(_LABEL.finditer(norm), MOST):
        if _NOT_ADDRESS.search(norm[max(0, label.start() - 6) : label.start()]):
            continue
        gap = _BEFORE.match(norm, label.end(), label.end() + 12)
        start = gap.end() if gap else label.end()
        if norm.count("\n", label.end(), start) > 1:
            continue
        stop = _STOP.search(norm, start, start + 120)
        end = min(stop.start() if stop else start + 100, len(norm), start + 100)
        while end > start and norm[end - 1] in " ,，.:(":
            end -= 1
        value = norm[start:end]
        announced = ":" in norm[label.end() : start]
        likely = _LIKE.search(value) if announced else _SURELY.match(value)
        if 4 <= len(value) <= 100 and len(HAN.findall(value)) >= 3 and likely:
            yield Found("address", printed_name(words.raw(start, end)), start, end, None, False, "label")
