"""Owns the judgement how far a page could be checked: challenge, shell, jump, gone, undecodable, whole.

Everything but CHECKED means "not checked". A short page that is whole is checked: there is no minimum length.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.items import PageState
from netpatrol.text.bare import is_front, leads_nowhere
from netpatrol.text.blocks import is_unseen
from netpatrol.text.jumps import jump_targets
from netpatrol.text.sniff import Body

if TYPE_CHECKING:
    from netpatrol.text.blocks import Blocks
    from netpatrol.text.html import Document

_CHALLENGE_TEXT = re.compile(
    r"(?:拖动|按住|移动|滑动|拖拽).{0,6}滑块|滑块.{0,6}(?:验证|拼图)|滑块向右.{0,6}(?:验证|解锁|继续|完成)|拖动.{0,8}验证|"
    r"(?:请|需要?|点击|先|后)[^，。\n]{0,8}完成.{0,4}验证|完成(?:安全|人机|滑块|拼图|身份|图形|短信|下方|以下|上方|点选|滑动)的?验证|"
    r"^\W*安全验证|(?:进行|正在|完成|点击|需要?|请)[^，。\n]{0,4}安全验证|安全验证[^。\n]{0,10}(?:继续|访问|失败|超时)|"
    r"人机验证|请输入验证码|验证码.{0,8}继续|访问(?:过于|太过?|过度)频繁|(?:您|你|操作|请求|IP).{0,6}频繁|访问频繁.{0,12}(?:再试|重试|验证|限制|稍[后候]访问)|"
    r"请求过于频繁|系统检测到.{0,12}异常|访问验证"
    r"|您的访问.{0,12}(?:拦截|阻断)|请求.{0,8}(?:被拦截|不合法|攻击)|正在.{0,6}(?:检查|验证).{0,8}浏览器|"
    r"网站防火墙|浏览器安全检查|云防护.{0,8}(?:拦截|验证|检测|节点|系统)|由.{0,8}云防护|点击按钮进行验证"
    r"|checking your browser|just a moment|verify (?:you are|that you are) (?:a )?human|attention required|"
    r"enable javascript and cookies to continue|ddos protection|access denied|captcha",
    re.IGNORECASE | re.MULTILINE,
)
_CHALLENGE_MARKS = (
    "nc_1_wrapper", "nc-container", "geetest", "g-recaptcha", "h-captcha", "cf-challenge", "cf-chl", "_cf_chl",
    "challenge-platform", "cf-turnstile", "tencentcaptcha", "yidun", "punish?", "x5secdata", "_waf_", "wafcookie",
    "jsl_clearance", "__jsluid", "safedog", "yunsuo", "aliyun_waf", "acw_sc__v2", "captcha", "slide-verify",
)  # fmt: skip
_MARKED_WITHIN = 60_000  # characters of markup
_ASKS_FOR_SCRIPT = re.compile(
    r"(?:开启|启用|打开|支持|允许).{0,6}JavaScript|JavaScript.{0,12}(?:开启|启用|打开|禁用|支持)|enable "
    r"javascript|need to enable|without javascript",
    re.IGNORECASE,
)
_MOUNT = re.compile(
    r"""<[a-z-]+[^>]{0,200}\bid\s{0,3}=\s{0,3}["']?(?:app|root|__next|__nuxt|main-app|react-root|vue-app|q-app|container|J_app|appRoot|mount|page-root|app-root)\b["']?|<app-root|\bng-app\b|\bv-cloak\b""",
    re.IGNORECASE,
)
_ALERT = re.compile(r"""\balert\s{0,3}\(\s{0,3}["']([^"']{1,200})["']""")
_THING = "(?:商品|宝贝|店铺|内容|文章|页面|产品|网页)"
_SOUGHT = rf"(?:找不到|没有找到|未找到)(?:该|您|你|此|相关|这个|这件)?[^第更比同类，。\n]{{0,6}}{_THING}"
"""Not 找不到第二家这样的店铺 or 找不到比这更好的产品: those praise."""
_GONE = re.compile(
    rf"页面不存在(?!的)|页面没有找到|页面找不到|您访问的页面|你访问的页面|{_SOUGHT}|"
    rf"{_THING}[^，。！？\n]{{0,6}}不存在(?=\W|$|或|了|啦|请|返回|点击|您|你)|"
    rf"{_THING}.{{0,6}}(?:已下架|已删除|已被删除|已失效|已过期|已关闭|已经下架|已停止)(?!的)"
    r"|(?:没有|查无|无)(?:该|此|这个|这条|这件)(?:记录|商品|宝贝|产品|信息|文章|内容|页面)(?=\W|$|了|啦)"
    r"|(?:该|此|当前|这条)的?(?:记录|信息|数据)[^，。！？\n]{0,6}(?:不存在|已被?删除)(?!的)"
    r"|已下架(?!的)|店铺已关闭|店铺已打烊|网站已关闭|站点不存在|404 not found|404错误|error 404|page not found|not "
    r"found|该页无法显示|此网站暂停|网站暂停访问|域名.{0,8}(?:出售|过期|未绑定|未备案)(?!的)",
    re.IGNORECASE,
)
"""A thing that is not there, and nothing more: 不存在质量问题 says that none is wrong."""
_GONE_TITLE = re.compile(
    r"^\W*404(?=\W*$|\W*(?:not|error|错误|页面|提示|找不到|您|抱歉|出错)|\s*[\-_|:：–—])|(?<!\d)404\W{0,3}(?:not|error|错误|页面)|"
    rf"(?:error|错误|http|状态码?)\W{{0,3}}404|not found|页面不存在(?!的)|{_THING}[^，。]{{0,6}}找不到|"
    rf"{_SOUGHT}|^\W*找不到(?:了|啦)?(?=\W*$|\s*[\-_|:：–—])|"
    r"已下架(?!的)|店铺已关闭",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:网络|系统|服务器?|数据|接口|加载|请求|页面).{0,4}(?:异常|错误|繁忙|忙碌|失败|超时|出错|开小差|不给力|走丢|断开)|"
    r"稍[后候](?:再试|重试|刷新)|(?:检查|连接).{0,4}网络|(?:重新加载|点击(?:重试|刷新)|下拉刷新)|正在加载|加载中",
)
_OTHERS = re.compile(r"(?:其他|其它|其余|部分|旧款|老款|同款|该系列|上一款|有些|个别)[^，。！？\n]{0,6}$")
"""Before words that something is gone: other goods are."""
_PRICED = re.compile(r"[￥¥]\s?\d|\d\s?元|价格|售价|现价")
_UNSEEN_PARTS = '[style*="none" i], [style*="hidden" i], [style*="opacity" i], [style*="font-size" i], [hidden]'
_MOST_UNSEEN = 200
_OPENS_HIDDEN = re.compile(r"<!--|<(script|style|template)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,5000}>")
_DATA_IS_TEXT = 15  # Chinese characters in embedded data that make a shell readable
_LITTLE = 200  # characters of visible text; "little else" is said within these
_THIN = 60
_SPLASH = 30  # Chinese characters: a front page that says no more is but the way to another
_SHORT_CODE = 3_000
_A_NAME = 8  # Chinese characters: a page that says more than a name says something before it goes on


def state_of(document: Document, blocks: Blocks, visible: int, raw: str, data_han: int) -> PageState:
    """Return how far a page could be checked.

    `visible` counts characters of body text, `raw` is the text of all zones, `data_han` counts Chinese characters in
    embedded data.
    """
    early = _by_body(document)
    if early is not None:
        return early
    if document.recovered:
        return PageState.PARSE_SUSPECT
    shown = "\n".join(block.text for block in blocks.seen)[:4000]
    han = count_han(shown)
    seen = _without_unseen(document, shown) if visible <= _LITTLE * 2 else ""  # what decides must be in plain view
    if _is_challenge(document, seen, visible):
        return PageState.CHALLENGE
    if visible <= _THIN and _tells_gone(document):
        return PageState.SOFT_404
    if _is_jump(document, visible, han):
        return PageState.JUMP
    if visible <= _LITTLE * 2 and _is_gone(document, seen, visible):
        return PageState.SOFT_404
    if _needs_render(document, shown, han, data_han):
        return PageState.NEEDS_RENDER
    if _lost_text(document, raw):
        return PageState.PARSE_SUSPECT
    return PageState.CHECKED if raw.strip() else PageState.EMPTY


def _without_unseen(document: Document, shown: str) -> str:
    """Return what a page shows without the lines of elements that are hidden in their own style or by attribute."""
    nodes = islice((node for node in document.tree.css(_UNSEEN_PARTS) if is_unseen(node.attributes)), _MOST_UNSEEN)
    unseen = {line for node in nodes for line in map(str.strip, node.text(separator="\n").split("\n")) if line}
    return "\n".join(line for line in shown.split("\n") if line not in unseen) if unseen else shown


def _by_body(document: Document) -> PageState | None:
    """Return the state that the body alone decides."""
    if document.body is Body.EMPTY:
        return PageState.EMPTY
    if document.body in (Body.BINARY, Body.SCRIPT):
        return PageState.NOT_HTML
    if document.encoding.doubt:
        return PageState.UNDECODABLE
    if document.body is Body.JSON:
        return PageState.CHECKED if document.json is not None else PageState.PARSE_SUSPECT
    return None


def _is_challenge(document: Document, shown: str, visible: int) -> bool:
    """Say whether a page only wants proof that somebody is human: its words, or its widgets and little text.

    A page with a price on it wants more than that, whatever widget it carries.
    """
    if visible > _LITTLE * 2:
        return False
    said = _CHALLENGE_TEXT.search(shown) or _CHALLENGE_TEXT.search(document.title)
    if not said and visible > _THIN:
        return False
    start = document.markup[:_MARKED_WITHIN].lower()
    marked = any(mark in start for mark in _CHALLENGE_MARKS)  # 0.1 ms, where one pattern of them all takes 2
    return bool(said and (marked or visible <= _LITTLE)) or bool(
        marked and visible <= _THIN and len(document.markup) < _MARKED_WITHIN and not _PRICED.search(shown)
    )


def _is_jump(document: Document, visible: int, han: int) -> bool:
    """Say whether a page does nothing but send the reader on."""
    if han > _SPLASH or visible > _LITTLE:
        return False
    if document.meta("refresh") and re.search(r"url", document.meta("refresh"), re.IGNORECASE):
        return True
    is_splash = han <= _A_NAME or is_front(document)  # elsewhere a short page may well have a button that goes to a cart
    return jump_targets(document, always=han > _A_NAME, called=is_splash) != ()


def _is_gone(document: Document, shown: str, visible: int) -> bool:
    """Say whether a page says that what stood here is gone: not others' goods, and not below an offer of its own."""
    if _GONE_TITLE.search(document.title):
        return True
    match = next((found for found in _GONE.finditer(shown) if not _OTHERS.search(shown, max(0, found.start() - 12), found.start())), None)
    if match is None or _PRICED.search(shown, 0, match.start()):
        return False
    return visible <= _LITTLE or match.start() < 80


def _tells_gone(document: Document) -> bool:
    """Say whether a script tells at once, in a box before it goes elsewhere, that what stood here is gone."""
    for code in document.codes:
        told = _ALERT.search(code) if len(code) <= _SHORT_CODE else None
        if told and not re.search(r"\b(?:if|function)\b", code[: told.start()]) and _GONE.search(told[1]):
            return True
    return False


def _needs_render(document: Document, shown: str, han: int, data_han: int) -> bool:
    """Say whether the text comes only by script: little is there, a place to mount, scripts, no data with text."""
    asks = _ASKS_FOR_SCRIPT.search(shown) is not None if han <= 400 else False
    if han > _THIN + (40 if asks else 0) or data_han >= _DATA_IS_TEXT:
        return False
    markup = document.markup
    scripts = "<script" in markup or "<SCRIPT" in markup
    if scripts and han <= _SPLASH and is_front(document) and leads_nowhere(document):
        return True
    return scripts and (asks or _MOUNT.search(markup[:400_000]) is not None)


def _lost_text(document: Document, raw: str) -> bool:
    """Say whether the source holds far more Chinese between its tags than was read."""
    markup = document.markup
    if markup.isascii() or len(markup) > 5_000_000:
        return False
    enough = 3 * count_han(raw) + 40
    return count_han(markup) > enough and _han_between_tags(markup) > enough


def is_complaint(text: str) -> bool:
    """Whether a string of a script is what it would say where data cannot be had: no content of the page."""
    return len(text) <= _THIN and _FAILED.search(text) is not None


def says_it_failed(said: str) -> bool:
    """Whether what a browser shows is hardly more than that its data could not be had."""
    return _FAILED.search(said) is not None and count_han(said) <= _LITTLE and not _PRICED.search(said)


def count_han(text: str) -> int:
    """Return how many Chinese characters a text has (of the common planes; by table, not by pattern: it is long)."""
    import numpy as np

    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return int(np.count_nonzero(units - np.uint16(0x3400) <= 0x9FFF - 0x3400))  # what is less wraps round


def _han_between_tags(markup: str) -> int:
    """Count Chinese characters outside of tags, comments, scripts and styles that are closed."""
    kept = []
    at = 0
    for match in _OPENS_HIDDEN.finditer(markup):
        if match.start() < at:
            continue
        kept.append(markup[at : match.start()])
        close = "-->" if match[0] == "<!--" else f"</{match[1]}"
        end = markup.find(close, match.end())
        if end < 0 and match[1]:
            end = markup.find(close.upper(), match.end())
        at = end if end >= 0 else match.end()
    kept.append(markup[at:])
    return count_han(_TAG.sub("", "".join(kept)))
