"""Does to a drawn page what a reader may do to it, with nothing let out, and hears whether it then says what is sought.

Only where a page no longer says what was found on it: what a click, a hover, a dialog or a change of pictures shows is still
said. The page is kept as it was before; nothing is asked of anybody meanwhile. Where a part that shows more would have asked
its site for it, the page was not seen whole (`lost`).
"""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error as PlaywrightError

from netpatrol import deeds
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document
from netpatrol.visit import Visit

ACT_SECONDS = 15.0
_HEARD_SECONDS = 0.4
"""How long it may take until what an act asks for is heard of."""
_ROUNDS = 12
"""How often what a page does again and again is done: a slide show has shown all of its slides."""
_SHARES = (0.5, 0.65, 0.75)
"""By when all is done to the parts that do something else than to show more and to those that do, and to what these have shown."""
_DEPTH = 24
"""How often what a page shows when something is done to it is done more to: the last of so many pictures is seen."""
_SHOWS = (
    "更多|展开|查看|详情|详细|说明|功效|作用|介绍|全文|全部|下一?[页张个步条]|加载|显示|阅读|点击|点开|点这里|原文|证书|参数|规格|成分|疗效|案例|适用|"
    "more|show|detail|next|load|open|read"
)
_DOES = "评价|评论|购物车|购买|收藏|登录|注册|提交|搜索|客服|咨询|喜欢|推荐|换一|优惠|领取|分享|地图|验证码|login|cart|search"
"""What is written on parts that show more of what a page says, and on those that do something else."""
_MOST_MARKUP = 3_000_000


async def act_out(page: Any, visit: Visit) -> None:
    """Do to a page what a reader may do, unless it says all that is sought by itself; the page's content stays what it was."""
    if not visit.sought or visit.is_left.is_set():
        return
    spell, whole = page.content, await page.content()
    says = _squeezed(await _words(whole))
    missing = [said for said in map(_squeezed, visit.sought) if said not in says]
    if not missing:
        return

    async def as_it_was() -> str:
        return str(whole)

    page.content = as_it_was
    visit.is_shut = True
    try:
        async with asyncio.timeout(ACT_SECONDS):
            said = await _acted(page, visit) + await _words(await spell())
        visit.said = any(words in _squeezed(said) for words in missing)
    except (PlaywrightError, TimeoutError):
        visit.lost = True  # what it would have said is not known


async def _acted(page: Any, visit: Visit) -> str:
    """Return all that a page has said, after everything was done to it that a reader may do."""
    begun = await page.evaluate(deeds.SHUT)
    await page.evaluate(deeds.GO_ON, _ROUNDS)
    for until in _SHARES:
        end = begun + until * ACT_SECONDS * 1000
        for counted in (False, True):
            visit.counts = counted
            tried = await page.evaluate(deeds.ACT, [_SHOWS, _DOES, counted, _DEPTH, end])
            visit.lost |= not tried and until == _SHARES[0]
            await asyncio.sleep(_HEARD_SECONDS)
    said, asks_for_persons = await page.evaluate(deeds.SAID)
    visit.lost |= asks_for_persons
    return str(said)


async def _words(html: str) -> str:
    """Return what markup says, as whoever quoted it read it."""
    return await asyncio.to_thread(lambda: read_document(parse_markup(html[:_MOST_MARKUP])).raw)


def _squeezed(text: str) -> str:
    return "".join(text.split())
