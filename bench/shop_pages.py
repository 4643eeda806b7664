"""A web of pages as large as real shops': some 75 KB, 195 links and 8,000 characters, the size that design figures name.

    python bench/shop_pages.py --port 8900 [--pages 200]

Serves as a proxy under any of its hosts; everything follows from the address, so that nothing is stored. The pages of
one site link to each other; every seventh makes a claim.
"""

from __future__ import annotations

import argparse
import random
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LINKS, PARAGRAPHS = 195, 50
GOODS = [
    "蜂蜜",
    "绿茶",
    "脐橙",
    "腊肉",
    "木耳",
    "豆瓣酱",
    "米酒",
    "核桃",
    "板栗",
    "香菇",
    "土鸡蛋",
    "红薯粉",
    "竹笋",
    "莲子",
    "葛根粉",
    "菜籽油",
    "面条",
    "小麻花",
    "凉虾",
    "柑橘",
]
PLACES = [
    "秭归",
    "长阳",
    "五峰",
    "兴山",
    "远安",
    "枝江",
    "当阳",
    "宜都",
    "夷陵",
    "点军",
    "猇亭",
    "西陵",
    "伍家岗",
    "三斗坪",
    "雾渡河",
    "樟村坪",
]
WHO = ["合作社", "农户", "师傅", "店里", "山里人", "果农", "茶农", "老两口", "加工间", "仓库", "快递员", "驻村干部"]
DOES = [
    "早上采摘",
    "装箱发走",
    "晾了两天",
    "称重分级",
    "挑掉坏果",
    "写好单子",
    "洗净沥干",
    "切片烘干",
    "留下样品",
    "贴好标签",
    "补了库存",
    "记在本上",
]
WHEN = ["清明前", "入秋以后", "下雨那几天", "天刚亮", "周末", "收假回来", "腊月里", "开春", "头茬下来", "封园之前"]
THEN = [
    "按先后顺序发货",
    "口感偏甜",
    "颜色深一些",
    "大小不太均匀",
    "放在阴凉处",
    "煮的时候少放水",
    "一斤大约六七个",
    "缺货会打电话",
    "包装换成了纸盒",
    "运费按重量算",
]
CLAIMS = ["全国第一的{g}", "国家级{g}礼盒", "{g}治愈率百分之九十", "顶级{g}只此一家"]


def page(host: str, number: int, pages: int) -> str:
    """Return one page; the same address always gives the same bytes."""
    draw = random.Random(f"{host}/{number}")
    goods, place = draw.choice(GOODS), draw.choice(PLACES)
    others = draw.sample(range(pages), min(LINKS, pages))
    cards = "".join(
        f'<li class="goods-card item-{n}" data-sku="{n:08d}"><a class="goods-link js-track" href="/p/{n}.html?from=list" title="商品{n}">'
        f'<img class="lazy" src="/static/img/placeholder.png" data-original="/static/img/{n}.jpg" alt="{draw.choice(GOODS)}{n}号">'
        f'<span class="goods-name">{draw.choice(PLACES)}{draw.choice(GOODS)} {draw.randint(1, 9)}00克</span></a>'
        f'<em class="price">¥{draw.randint(9, 399)}.{draw.randint(0, 9)}0</em></li>'
        for n in others
    )
    told = "".join(f'<p class="detail-text">{sentence(draw)}{sentence(draw)}{sentence(draw)}</p>\n' for _ in range(PARAGRAPHS))
    claim = f"<p>{draw.choice(CLAIMS).format(g=goods)}，欢迎选购</p>" if number % 7 == 3 else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{place}{goods} {number}号 - {host}</title>'
        f'<link rel="stylesheet" href="/static/site.css"></head><body><h1>{place}{goods}</h1>'
        f'<div class="buy">¥{draw.randint(9, 99)}.00 <a href="/p/{number}.html#buy">立即购买</a></div>'
        f'{claim}{told}<ul class="goods-list">{cards}</ul>'
        f"<footer>联系电话 0717-622{number % 10000:04d} {place}区沿江路{number}号</footer></body></html>"
    )


def sentence(draw: random.Random) -> str:
    """Return a plain sentence."""
    return (
        f"{draw.choice(WHEN)}{draw.choice(PLACES)}的{draw.choice(WHO)}把{draw.choice(GOODS)}{draw.choice(DOES)}，"
        f"{draw.choice(THEN)}，第{draw.randint(2, 900)}批{draw.choice(THEN)}。"
    )


def serve(port: int, pages: int) -> None:
    """Answer as a proxy until stopped."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            name = parts.path.rsplit("/", 1)[-1].removesuffix(".html") or "0"
            found = name.isdigit() and int(name) < pages
            body = page(parts.netloc, int(name), pages).encode() if found else b"not here"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    serve(options.port, options.pages)
