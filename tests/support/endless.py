"""Small webs whose sections seem to go on for ever, or do: what a list leads to tells one from the other."""

from __future__ import annotations

import random
import zlib
from urllib.parse import urlsplit

from support import hostile

LISTS, GOODS_A_LIST = 40, 3
EMPTY, FULL = 10, 5
WORDS = "山水云雾茶蜜菇笋柚葛椒姜枣栗杏桃梅兰竹菊松柏桂樟枫槐柳杉荷莲藕菱芹韭葱蒜"
MENU = '<a href="/">首页</a>'


def named(number: int) -> str:
    """Return words that no other number has."""
    return "".join(random.Random(number).choices(WORDS, k=9))


def token(number: int) -> str:
    return "".join(chr(ord("g") + int(digit, 16)) for digit in f"{zlib.crc32(str(number).encode()):08x}")


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f'<a href="{url}">{text}</a>' for url, text in pairs)


def goods(number: int) -> str:
    return f"{MENU}<h1>{named(number)}</h1><p>{named(-number - 1)}，￥{number}</p>"


def pictures(number: int, first: int) -> str:
    """Show goods by nothing but pictures, models and prices."""
    shown = range(first, first + GOODS_A_LIST)
    return f"{MENU}<h1>商品列表</h1>" + links(*((f"/goods/{n}", f"<img src=/i/{n}.jpg>A-{n} ¥{n + 29}") for n in shown)) + f"<i>{number}</i>"


def pager(kind: str, number: int, name: str) -> str:
    """A pager of pictures that has an end."""
    turn = links((f"/list?page={number + 1}", "下一页")) if number < LISTS else ""
    return goods(number) if kind == "goods" else pictures(number, number * GOODS_A_LIST) + turn


def numbered(kind: str, number: int, name: str) -> str:
    """The same, all of whose pages are linked from each, before any goods."""
    turns = links(*((f"/list?page={n}", str(n)) for n in range(1, LISTS + 1)))
    return goods(number) if kind == "goods" else turns + pictures(number, number * GOODS_A_LIST)


def kinds(kind: str, number: int, name: str) -> str:
    """Kinds that stand on a page of their own, of which the first are empty."""
    if kind in ("goods", "list"):
        return goods(number) if kind == "goods" else f"{MENU}<p>商品分类</p>" + links(*((f"/kind/{n}", f"系列{n}") for n in range(EMPTY + FULL)))
    return f"{MENU}<h1>商品</h1><p>暂无商品</p>" if number < EMPTY else f"{MENU}<h1>商品</h1>" + links((f"/goods/{number}", named(number)))


def subkinds(kind: str, number: int, name: str) -> str:
    """Kinds that stand on a page of their own section, with pictures of goods."""
    if kind == "goods" or number == 1:
        return goods(number) if kind == "goods" else f"{MENU}<h1>分类</h1>" + links(*((f"/list?page={n}", WORDS[n] * 2) for n in range(2, EMPTY + FULL + 2)))
    return f"{MENU}<h1>商品</h1><p>暂无商品</p>" if number < EMPTY + 2 else f"{MENU}<h1>商品</h1>" + links((f"/goods/{number}", f"A-{number}"))


def bare(kind: str, number: int, name: str) -> str:
    """A pager of pictures whose goods link nothing."""
    return goods(number).removeprefix(MENU) if kind == "goods" else pager(kind, number, name)


def gallery(kind: str, number: int, name: str) -> str:
    """A pager of pictures that lead to larger pictures, and those to the goods."""
    if kind == "zoom":
        return f"{MENU}<h1>图片</h1>" + links((f"/goods/{number}", "详情"))
    return goods(number) if kind == "goods" else pager(kind, number, name).replace("/goods/", "/zoom/")


def framed(kind: str, number: int, name: str) -> str:
    """A pager of pictures whose goods are shown in frames."""
    if kind == "goods":
        return f"{MENU}<h1>商品</h1><iframe src=/frame/{number}></iframe>"
    return goods(number) if kind == "frame" else pager(kind, number, name)


def counted(kind: str, number: int, name: str) -> str:
    """A pager of pictures whose goods stand behind addresses that count visits and send on."""
    return goods(number) if kind == "goods" else pager(kind, number, name).replace("/goods/", "/visit/")


def calendar(kind: str, number: int, name: str) -> str:
    """Months for ever, each with something on."""
    if kind == "event":
        return f"{MENU}<h1>活动{number}</h1><p>{number}日活动，欢迎参加</p>"
    return f"{MENU}<h1>2024年{number}月</h1>" + links((f"/event/{number}", "活动"), (f"/list?page={number + 1}", "下月"))


def days(kind: str, number: int, name: str) -> str:
    """Months for ever, each with all its days, each with something on, and some letters that tell the visitor."""
    if kind == "event":
        return f"{MENU}<h1>{number}日</h1><p>活动号 {token(number)}</p>" + links((f"/list?page={number}", "本月"))
    on = links(*((f"/event/{number * 30 + day}", f"{day}日") for day in range(30)))
    return f"{MENU}<h1>2024年{number}月</h1>" + on + links((f"/list?page={number + 1}", "下月"))


def mutual(kind: str, number: int, name: str) -> str:
    """Two sections that lead to each other and say nothing."""
    other = "list?page=" if kind == "event" else "event/"
    own = "event/" if kind == "event" else "list?page="
    return f"{MENU}<h1>相关推荐</h1><p>第{number}条</p>" + links((f"/{own}{number + 1}", "更多"), *((f"/{other}{number * 5 + n}", f"推荐{n}") for n in range(5)))


def frames(kind: str, number: int, name: str) -> str:
    """Months for ever, each of which shows in a frame that nothing is on, with a link to a day that says nothing."""
    if kind == "list":
        return f"{MENU}<h1>2024年{number}月</h1><iframe src=/frame/{number}></iframe>" + links((f"/list?page={number + 1}", "下一页"))
    return f"{MENU}<p>无活动</p>" + links((f"/event/{number}", "详情")) if kind == "frame" else f"{MENU}<p>{number}日无活动</p>"


def tabs(kind: str, number: int, name: str) -> str:
    """Goods, each with pages about it that hardly ever say anything."""
    if kind == "list":
        return MENU + links(*((f"/goods/{n}", named(n)) for n in range(60)))
    if kind == "goods":
        return goods(number) + links(*((f"/tab?n={number * 4 + n}", text) for n, text in enumerate(("商品参数", "用户评价", "售后保障", "常见问题"))))
    return f"{MENU}<p>{('暂无参数', '暂无评价', '七天退换', '暂无问题')[number % 4]}</p>"


def aliases(kind: str, number: int, name: str) -> str:
    """A pager that shows the same goods for ever, under ever other addresses."""
    turn = links((f"/list?page={number + 1}", "下一页"))
    return goods(number) if kind == "goods" else pictures(number, 1).replace("/goods/", f"/goods/{number}?id=") + turn


def tokens(kind: str, number: int, name: str) -> str:
    """Months for ever, each of which leads to a section of its own, with letters that tell the visitor."""
    if kind == "list":
        return f"{MENU}<h1>2024年{number}月</h1>" + links((f"/{token(number)}/{number}", "活动"), (f"/list?page={number + 1}", "下月"))
    return f"{MENU}<h1>活动{kind}</h1><p>会话 {kind}</p>"


def again(kind: str, number: int, name: str) -> str:
    """A pager that shows the same goods for ever."""
    turn = links((f"/list?page={number + 1}", "下一页"))
    return goods(number) if kind == "goods" else pictures(number, 1) + turn


def wrapping(kind: str, number: int, name: str) -> str:
    """A pager that begins again from its tenth page on, for ever."""
    turn = links((f"/list?page={number + 1}", "下一页"))
    return goods(number) if kind == "goods" else pictures(number, number % 10 * GOODS_A_LIST) + turn


def shuffled(kind: str, number: int, name: str) -> str:
    """The same goods in ever another order."""
    order = random.Random(number).sample(range(8), 8)
    onward = links(*((f"/list?page={number * 3 + n}", "换一批") for n in (1, 2, 3)))
    return goods(number) if kind == "goods" else f"{MENU}<h1>商品</h1>" + links(*((f"/goods/{n}", named(n)) for n in order)) + onward


def growing(kind: str, number: int, name: str) -> str:
    """Relative links that make addresses ever longer."""
    return f"{MENU}<h1>更多</h1><p>请继续</p>" + links((f"{number % 7 + 1}/", "继续"), (f"{number % 7 + 2}/", "再看"))


WEBS = {
    web.__name__: web
    for web in (pager, numbered, kinds, subkinds, bare, gallery, framed, counted, calendar, days, mutual, frames, tabs, aliases, tokens, again, wrapping, shuffled, growing)
}
GROWS = "/growing/1/"


def markup(host: str, url: str) -> str:
    """Return what the page of a web at an address says."""
    parts = urlsplit(url)
    if parts.path == "/":
        said = "<h1>清江山货店</h1><p>本店经营土特产品，地址：长阳县龙舟坪镇</p>" + links((GROWS if host == "growing" else "/list?page=1", "进入列表"))
    else:
        kind, _, last = parts.path.strip("/").partition("/")
        number = parts.query.rpartition("=")[2] or last.rpartition("/")[2]
        said = WEBS[host](kind, int(number or 0), host)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>清江山货店</title></head><body>{said}</body></html>'


class Endless(hostile.Host):
    """Answers for each web by the first label of its host's name."""

    def plain(self, path: str, query: dict) -> None:
        if path.startswith("/visit/"):
            return self.send(302, b"", Location=path.replace("visit", "goods"))
        return self.send(200, markup((urlsplit(self.path).hostname or "").split(".")[0], self.path).encode())

    calendar = growing = plain
