"""Recognises domains that nobody's shop is at any more: for sale, parked with advertisements, expired, suspended by the host.

Such a page may talk of goods and prices and is no shop all the same; its links lead to advertisements and are not followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.text.promo import sells
from netpatrol.text.read import read_document

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_LITTLE = 1_500
_LONGEST = 200_000
_SAYS = re.compile(
    r"(?:该|此|本|这个|您访问的)?域名.{0,12}(?:出售|转让|求购|待售|可购买|停放|已过期|已到期|未续费|未绑定|尚未绑定|未备案|被暂停)"
    r"|(?:出售|转让|购买|竞拍|收购).{0,4}(?:此|该|本|这个)域名|域名停靠|域名交易平台"
    r"|(?:网站|站点|主机|空间).{0,6}(?:已到期|已过期|已欠费|未续费|暂停服务|被暂停|尚未开通|未开通)|没有找到站点|站点创建成功|未找到绑定的网站"
    r"|domain (?:name )?(?:is |may be |has )?(?:for sale|parked|expired)|buy this domain|this domain is available|parked free"
    r"|this account has been suspended|welcome to nginx|apache2? .{0,20}default page|iis windows server",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(r"流量.{0,8}(?:超限|超额|超出|用完|用尽|耗尽)|(?:下月|稍[后候]|届时).{0,4}恢复")
"""A site that is switched off until its traffic is paid for or the month is over is still somebody's."""
_SERVES = re.compile(
    r"sedoparking|parkingcrew|bodis\.com|afternic|hugedomains|\bdan\.com|undeveloped\.com|above\.com/|cashparking|parklogic"
    r"|mi\.aliyun\.com|\bename\.(?:com|cn|net)|\b22\.cn/|juming\.com|\b4\.cn/|dopa\.com|chinaz\.com/domain",
    re.IGNORECASE,
)
_SELLS = re.compile(r"domain|域名|\bsale\b", re.IGNORECASE)


def is_parked(document: Document) -> bool:
    """Whether a start page says that its domain is for sale or without a site, and says little else."""
    if document.json is not None or len(document.markup) > _LONGEST:
        return False
    text = read_document(document)
    said = text.raw
    if _FOR_NOW.search(said):
        return False
    if len(said) > _LITTLE or (sells(text.promo) and not _SAYS.search(document.title)):
        return False  # goods on offer: a line about the domain does not hide them
    if _SAYS.search(said):
        return True
    return _SERVES.search(document.markup) is not None and _SELLS.search(said) is not None
