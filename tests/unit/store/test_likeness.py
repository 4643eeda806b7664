"""A login form, a notice or an error in the place of a page is not the page, corrected."""

import pytest

from netpatrol.items import Gate, PageState, PageText
from netpatrol.store.likeness import Look, frame_of, is_like, is_wall, lines_of, look_of
from netpatrol.text.normalise import normalise
from netpatrol.text.promo import offer_lines

GOODS = Look("清江毛尖茶 包治百病 - 青峡茶行", 1_200, frozenset({"price", "buy"}))
ABOUT = Look("关于我们 - 青峡茶行", 800, frozenset())
PLAIN = Look("青峡茶行", 600, frozenset())

CASES = {
    "the wording is gone": (GOODS, Look("清江毛尖茶 - 青峡茶行", 1_180, GOODS.offers), True),
    "another title, still on offer": (GOODS, Look("高山绿茶新茶上市", 900, frozenset({"price"})), True),
    "no price any more": (GOODS, Look(GOODS.title, 900, frozenset()), True),
    "half of it deleted": (GOODS, Look(GOODS.title, 500, GOODS.offers), True),
    "nearly all deleted, still on offer": (GOODS, Look(GOODS.title, 100, GOODS.offers), True),
    "nearly all of a page without offers deleted": (ABOUT, Look(ABOUT.title, 40, frozenset()), False),
    "another title where nothing was on offer": (ABOUT, Look("青峡茶行简介", 700, frozenset()), True),
    "something else, nothing on offer": (GOODS, Look("会员专享", 700, frozenset()), False),
    "a wall": (ABOUT, Look(ABOUT.title, 700, frozenset(), wall=True), False),
    "a wall that sells": (GOODS, Look(GOODS.title, 700, GOODS.offers, wall=True), False),
    "a page that always asked for a password": (Look("登录", 300, frozenset(), wall=True), Look("登录", 290, frozenset(), wall=True), True),
    "an error of the database": (ABOUT, Look("", 30, frozenset()), False),
    "a page without offers, corrected": (ABOUT, Look("关于我们 - 青峡茶行", 760, frozenset()), True),
    "only the shop's name in the title": (PLAIN, Look("青峡茶行", 580, frozenset()), True),
    "kept before sizes were": (Look(ABOUT.title, 0, frozenset()), Look(ABOUT.title, 10, frozenset()), True),
}

WALLS = [
    ("用户登录 - 青峡茶行", "首页 茶叶 " * 200, True), ("青峡茶行", "系统维护中，请稍后再来", True), ("", "Too many connections", True),
    ("青峡茶行", "页面出错了 Fatal error: Uncaught", True), ("青峡茶行", "请在微信客户端打开链接", True), ("青峡茶行", "页面加载中…", True),
    ("青峡茶行", "您所在的地区暂时无法访问", True), ("清江毛尖茶", "登录 注册 购物车 " + "清江毛尖产自高山。" * 80, False), ("清江毛尖茶", "登录 注册 产自高山，售价 68 元", False),
    ("青峡茶行", "请先登录再看商品", True),
]  # fmt: skip


@pytest.mark.parametrize(("title", "said", "wall"), WALLS)
def test_what_reads_like_a_wall(title, said, wall):
    assert is_wall(title, said) is wall


SHOWS_NOTHING_FOR_NOW = [
    "该商品仅对VIP会员展示", "您所在的用户组无法浏览该内容", "该商品在您所在区域不销售", "请关注公众号后查看", "请使用手机扫码浏览商品详情",
    "请下载APP查看商品详情", "您的浏览器版本过低，请升级浏览器后访问", "您的浏览器不支持JavaScript", "检测到广告拦截插件，请关闭后刷新",
    "授权错误：该域名未授权", "模板文件不存在", "SQL语句执行错误", "该站点已被管理员停止", "店铺休息中，营业时间9:00-18:00",
    "春节放假，暂停营业", "商品详情整理中", "由于流量超限，本站点已被暂停",
    "虚拟主机已到期，请联系管理员续费", "This account has been suspended", "您访问的域名正在出售", "文章不存在或正在审核",
    "该栏目仅供内部人员查阅", "长按识别二维码，在小程序中查看商品", "技术人员正在抢修",
    "本站已迁至 新站", "本店已搬家，请加微信 abc123 下单", "网站已迁移到新域名 www.new.example",
]  # fmt: skip


def page_look(title="会员中心", said="名字 暗号", **fields):
    return look_of(PageText(raw="", zones=(), norm=f"{title}\n{said}", title=title, **fields), {}).get("wall", "")


def test_a_page_that_asks_for_a_password_is_a_wall_whatever_it_is_called():
    assert page_look(gate=Gate.LOGIN) == page_look(gate=Gate.LOCK, said=TEA * 20) == "1"
    assert page_look() == page_look(gate=Gate.LOGIN, said=TEA * 20) == ""  # a login beside much else


def test_a_page_that_is_not_there_is_no_wall_for_its_heading():
    said = "您访问的商品不存在或已下架"
    assert page_look("出错了", said, state=PageState.SOFT_404) == ""
    assert page_look("出错了", said) == page_look("出错了", f"{said},请先登录", state=PageState.SOFT_404) == "1"


@pytest.mark.parametrize("said", SHOWS_NOTHING_FOR_NOW)
def test_what_shows_nothing_for_now_is_a_wall_unless_goods_are_on_offer_beside_it(said):
    said = normalise(said).text
    assert is_wall("青峡茶行", said)
    assert not is_wall("青峡茶行", said, sells=True)


def test_a_shop_that_moved_to_another_street_is_no_wall():
    assert not is_wall("青峡茶行", normalise("本店已搬迁至沿江大道18号，欢迎光临").text)


MENU, FOOTER = "首页 全部商品 关于我们 联系我们", "青峡茶行 地址:西陵区沿江大道8号 电话 0717-6222222"
TEA = "产自海拔一千二百米的高山,清明前后手工采摘,当日炒制,汤色清亮,回味甘甜,密封避光保存,早晚各泡一杯。"
SPRING = "每罐净重二百五十克,附木勺一把,包装采用防震泡沫箱,全国快递三天到达,坏了包赔,不满意可以退回。"


def look(*lines, title="清江毛尖茶 - 青峡茶行", offers=True):
    text = PageText(raw="", zones=(), norm="\n".join((title, MENU, *lines, FOOTER)), title=title, promo={"price": offers, "buy": offers})
    return Look.of({"title": title, "extra": look_of(text, offer_lines(text))})


ON_SALE = look("售价68元 立即购买", TEA, SPRING, "包治百病")
SKETCHES = [
    look_of(PageText(raw="", zones=(), norm="\n".join(("青峡茶行", MENU, line, FOOTER))), {})["lines"] for line in ("欢迎光临", TEA * 2, "一九八六年开业", "店规")
]  # fmt: skip
FRAME = frame_of(SKETCHES)
LEFT = {
    "a sentence nobody has listed": (ON_SALE, look("掌柜出远门去了", offers=False), False),
    "corrected": (ON_SALE, look("售价68元 立即购买", TEA, SPRING), True),
    "corrected and no longer sold": (ON_SALE, look(TEA, SPRING, offers=False), True),
    "corrected, all told in a sentence": (ON_SALE, look("售价68元 立即购买"), True),
    "sold out": (ON_SALE, look("已售完", offers=False), True),
    "a long text without an offer": (look(TEA * 3, SPRING, offers=False), look("掌柜出远门去了", offers=False), False),
    "a short text without an offer": (look("包治百病,祖传秘方", offers=False), look("祖传", offers=False), True),
}


OTHERS = ("热销推荐", "高山红茶", "售价88元 加入购物车", "高山白茶", "售价66元 加入购物车")
POLITE = "各位老主顾,山里的路让大雨冲断了,要等修好才能下山,给大家添了麻烦,实在对不住,路一通我们就回来,到时候再给大家泡新茶,还请多多包涵。" * 2
BESIDE_OTHERS = look("售价68元 立即购买", TEA, SPRING, "包治百病", *OTHERS)
LEFT |= {
    "a notice beside other goods": (BESIDE_OTHERS, look("掌柜出远门去了", *OTHERS), False),
    "corrected, beside other goods": (BESIDE_OTHERS, look("售价68元 立即购买", TEA, SPRING, *OTHERS), True),
    "other goods of the frame": (ON_SALE, look("掌柜出远门去了", "售价88元 加入购物车"), False),
    "a long and polite notice": (ON_SALE, look(POLITE, offers=False), False),
    "told anew, and no longer sold": (ON_SALE, look(POLITE, SPRING, offers=False), True),
}
FRAME |= lines_of(look_of(PageText(raw="", zones=(), norm="售价88元 加入购物车"), {})["lines"])


BAR, ORDERS, LOADING = "您好,请登录 免费注册", "如需登录查看订单请登录", "加载中,请稍候"
ASIDES = [BAR, ORDERS, "欢迎光临青峡茶行,请登录 | 注册 | 购物车", "登录后发表评论", "查看订单请先登录"]


def short(*said, unseen=()):
    norm = "\n".join(("清江毛尖", MENU, "清江毛尖 二十年老店", *said, FOOTER))
    text = PageText(raw="", zones=(), norm=norm, title="清江毛尖", unseen=unseen)
    return Look.of({"title": text.title, "extra": look_of(text, {})})


CLAIM, CORRECTED = short(TEA + "包治百病"), (TEA,)


@pytest.mark.parametrize("aside", ASIDES)
def test_a_way_to_log_in_beside_the_text_of_before_is_no_wall(aside):
    assert is_like(CLAIM, short(aside, *CORRECTED), FRAME)
    assert not is_like(CLAIM, short(aside), FRAME)  # but where nothing else is left
    assert not is_like(short(aside, TEA + "包治百病"), short("请先登录后再看"), FRAME)


def test_a_hidden_notice_beside_the_text_of_before_is_no_wall():
    assert is_like(CLAIM, short(LOADING, *CORRECTED, unseen=(LOADING,)), FRAME)
    assert not is_like(CLAIM, short(LOADING, *CORRECTED), FRAME)
    assert not is_like(CLAIM, short(LOADING, unseen=(LOADING,)), FRAME)


@pytest.mark.parametrize("wall", ["请登录后查看商品", "您好,请登录", "会员价登录后可见", "登录后查看", "请登录 查看详情", "系统维护中"])
def test_real_walls_stay_walls_beside_much_of_the_text(wall):
    assert not is_like(CLAIM, short(wall, *CORRECTED), FRAME)


def with_pictures(said, *pictures):
    text = PageText(raw="", zones=(), norm=f"清江毛尖\n{said}", title="清江毛尖", pictures=pictures)
    return Look.of({"title": text.title, "extra": look_of(text, {})})


SEE = ["详见下图", "详情见图", "见下图", "请看图", "功效如图所示", "图文详情", "功效见长图", "请看海报", "商品详情请见图片", "以图片为准", "请参考下面的图片"]


@pytest.mark.parametrize("said", SEE)
def test_what_may_have_moved_into_new_pictures_is_not_corrected(said):
    before, known = with_pictures("包治百病", "/logo.png"), with_pictures(f"{said},包治百病", "/logo.png", "/d1.jpg")
    assert not is_like(before, with_pictures(said, "/logo.png", "/d1.jpg"))
    assert is_like(before, with_pictures("产自高山", "/logo.png", "/d1.jpg"))  # a new picture, and nobody refers to it
    assert is_like(before, with_pictures(said, "/logo.png"))
    assert is_like(known, with_pictures(said, "/logo.png", "/d1.jpg"))
    assert is_like(PLAIN, with_pictures(said * 40, "/d1.jpg"))  # kept before pictures were


@pytest.mark.parametrize("said", ["图书杂志", "宏图大展", "如意图案", "看图书馆藏", "产地见标签", "意见图集", "常见图案", "可见图像清晰", "查看地图"])
def test_what_refers_to_no_picture(said):
    assert not with_pictures(said).refers


@pytest.mark.parametrize(("before", "now", "like"), LEFT.values(), ids=LEFT)
def test_what_is_left_besides_the_frame_of_the_shop(before, now, like):
    assert is_like(before, now, FRAME) is like


def test_the_frame_is_what_many_pages_share():
    assert len(frame_of(SKETCHES)) == 3  # the title, too, that they all have
    assert lines_of(SKETCHES[0]) - FRAME != lines_of(SKETCHES[1]) - FRAME
    assert frame_of([]) == frozenset() == lines_of("x")


@pytest.mark.parametrize(("before", "now", "like"), CASES.values(), ids=CASES)
def test_what_stands_in_a_pages_place(before, now, like):
    assert is_like(before, now) is like


def test_a_look_is_read_from_what_is_stored():
    page = {"title": "茶", "extra": {"marks": "price,contact,buy", "size": "120"}}
    assert Look.of(page) == Look("茶", 120, frozenset({"price", "buy"}))
    assert Look.of({}) == Look.of({"title": "", "extra": {"size": "³"}}) == Look("", 0, frozenset())
