"""URL sense: which addresses are one page, which host is which shop. Pure string work, no parsing of pages."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from netpatrol.items import POSTED

_NO_CONTENT = re.compile(
    r"s?ession_?(?:id|key)|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|spm|scm|isappinstalled|utm_\w+|"
    r"gclid|fbclid|clickid|bd_vid",
    re.IGNORECASE,
)
"""Names that say themselves that no content hangs on them."""
_CLOCKS = re.compile(r"ts|timestamp|_t|_|rnd|rand|random|nocache", re.IGNORECASE)
_TICK = re.compile(r"|\d{9,}|\d*\.\d+")
"""What clocks and dice say; what else stands under their names (`ts=8`) may be the number of a page."""
_ARRANGING = re.compile(
    r"sort_?(?:by|order|type)|order_?by|(?:price|p)_?(?:min|max|from|to)|min_?price|max_?price|filter\w*",
    re.IGNORECASE,
)
_CAME_FROM = re.compile(r"s?ession|sid|from|ref|referer|source|share_?\w*|track\w*", re.IGNORECASE)
_SORTS = re.compile(r"sort|order|dir|direction", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}|(?=.*\d)(?=.*[a-z])[\w.~-]{16,}|[0-9a-f]{24,}", re.IGNORECASE)
_CHANNEL = re.compile(
    r"(?:qr_?code|we?i?xin|wechat|wx|singlemessage|groupmessage|timeline|favorites|qq|qzone|weibo|baidu|sogou|toutiao|douyin|"
    r"google|bing|m|h5|wap|pc|sms|e?mail)?|.*(?:/|%2f|%3a).*",
    re.IGNORECASE,
)
"""Where visitors come from: through a channel, or from an address. Words that also name what is sold (home, app) are none."""
_ORDER_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a d asc desc up down price sale sales sold time date new newest latest hot pop popular popularity default last update "
        "updated add added id name title click clicks hit hits rank score comment comments num number count stock view views rating "
        "relevance relevant credit goods shop product item market low high first to by salesnum",
    )
)
"""What the value of a sort parameter is made of, where it names an order."""
_NOUNS = frozenset({"goods", "shop", "product", "item", "market", "stock", "view", "title", "name", "credit"})
"""Words of an order that by themselves name a section as well (`sort=product`)."""
_LONGEST_ORDER = 60
_NUMBERED_ORDER = re.compile(r"\d{1,2}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*|/\(S\([a-z0-9]{8,}\)\)", re.IGNORECASE)
_ROUTE = re.compile(r"#!?/[^#\s]")
_ALIAS = re.compile(r"^(?:www\d?|m|wap|h5|3g|mobile|touch)\.")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_NEEDLESS = re.compile(r"%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])", re.IGNORECASE)
"""Escapes of letters, digits, `-`, `.`, `_` and `~`; in keys all escapes are in upper case."""
_ASP = re.compile(r"\.as[phm]x?$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)


_NUMBER = re.compile(r"[\d._-]+(?:\.[a-z]{2,5})?", re.IGNORECASE)
REPEATS = 3
"""A part that stands so often in a path makes it one that grows."""
SHORT_VALUE = 4
"""Letters of a value like `all`, `any`, `desc`; what is longer is a name."""

_WEB = re.compile(r"https?://(?:[\w.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(\d{0,5}))?(?:[/?#]|$)", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Whether an address can be asked for at all: http or https, a host, a port that exists; no controls, no user part.

    Whoever takes an address from outside (a list, a sitemap, a redirect, a search) asks this first.
    """
    found = _WEB.match(url)
    return found is not None and (not found[1] or 0 < int(found[1]) < 65536) and url.isprintable()


def site_of(host: str) -> str:
    """Return the domain that a shop and the host of its data share, near enough: nothing is allowed by it."""
    labels = host.rstrip(".").split(".")
    return ".".join(labels[-3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else -2 :])


def bare_host(host: str) -> str:
    """Return a host without `www.`, `m.` and the like, where something like a domain is left."""
    host = host.lower().rstrip(".")
    stripped = _ALIAS.sub("", host)
    return stripped if "." in stripped else host


def is_under(host: str, above: str) -> bool:
    """Whether a host lies below another, `www.` and the like aside: img.shop.cn under www.shop.cn."""
    return bare_host(host).endswith(f".{bare_host(above)}")


def named_host(address: str) -> str:
    """Return the host that an address in markup names, `//host/path` too; "" for one that names none: it is the page's own."""
    return host_of(address) if "//" in address[:8] else ""


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, or "" for what has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def shop_key(url: str, storefront: str = "") -> str:
    """Return the id of the shop at an address: its bare host, on a platform with the storefront's path after it."""
    host = bare_host(host_of(url) or url)
    return f"{host}/{storefront.strip('/')}" if storefront.strip("/") else host


def page_key(url: str) -> str:
    """Return what two addresses of one page have in common.

    Scheme, alias hosts, default ports, session and tracking parameters, sort orders, escapes in different case and
    fragments (but routes) do not make another page. Parameters of which neither name nor value tells (`doubtful`) make
    one until the site has shown otherwise. The bytes of a query are kept as they are: `%D2%A9` (GBK) and `%E8%8D%AF`
    (UTF-8) stay two keys.
    """
    if not is_web_address(url):
        return url  # what cannot be asked for is nobody's page, and is no reason to fall over
    parts = urlsplit(url)
    netloc = bare_host(parts.hostname or "")
    if parts.port and f":{parts.port}" != _DEFAULT_PORT.get(parts.scheme):
        netloc += f":{parts.port}"
    path = _PATH_SESSION.sub("", _escaped(parts.path) or "/")
    path = _INDEX.sub("/", path)
    kept = [p for p in parts.query.split("&") if p and not _is_noise(p)]
    query = _escaped("&".join(dict.fromkeys(kept)))
    return urlunsplit(("", netloc, path.rstrip("/") or "/", query, "")).removeprefix("//") + route_of(url)


def route_of(url: str) -> str:
    """Return the fragment of an address that only a script reads, as one page of many (`#/goods/3`, `#!/x`); "" for none.

    The first route of an application (`#/`) is what its address shows without one.
    """
    at = url.find("#")
    return url[at:] if at >= 0 and _ROUTE.match(url, at) else ""


def index_name(url: str) -> str:
    """Return the name of the file that a folder mostly shows by itself (`index.php`), where an address says it; else ""."""
    found = _INDEX.search(url.partition("#")[0].partition("?")[0])
    return found[0][1:].lower() if found else ""


def form_mark(fields: tuple[tuple[str, str], ...], charset: str = "utf-8") -> str:
    """Return what a page key is followed by where a form led to the page, with what it was sent in; "" for none."""
    return f"{POSTED}{'' if charset == 'utf-8' else f'{charset}:'}{urlencode(fields)}" if fields else ""


def form_of(key: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the fields of the form that led to the page of a key, () where none did, and what they were sent in."""
    charset, colon, fields = key.partition(POSTED)[2].rpartition(":")  # a colon within fields is written %3A
    return tuple(parse_qsl(fields, keep_blank_values=True)), charset if colon else "utf-8"


def fetch_url(url: str) -> str:
    """Return the address to fetch for a link: without fragment, session and sort parameters.

    What is left stands as the page wrote it, byte for byte, but for the dot that may end a host: with and without it a
    host is one, and has one pace.
    """
    parts = urlsplit(url)
    kept = [part for part in parts.query.split("&") if part and not _is_noise(part)]
    query = "&".join(kept) if len(kept) != len(parts.query.split("&")) else parts.query
    path = _PATH_SESSION.sub("", parts.path) or "/"
    return urlunsplit((parts.scheme, undotted(parts.netloc.lower()), path, query, ""))


def undotted(netloc: str) -> str:
    """Return a host, with its port if it has one, without the dot that may end its name (`a.example.:80`)."""
    name, colon, port = netloc.partition(":")
    return netloc if netloc.startswith("[") else name.rstrip(".") + colon + port


def plain_url(url: str) -> str:
    """Return an address, kept as it is, without the dot that may end its host."""
    scheme, mark, rest = url.partition("://")
    at = re.search(r"[/?#]|$", rest)
    assert at is not None
    netloc = rest[: at.start()]
    return url if not mark or "." not in netloc else f"{scheme}{mark}{undotted(netloc)}{rest[at.start() :]}"


def shape(url: str) -> str:
    """Return a URL's pattern: digits and long hex or slug parts collapsed, values of the query dropped.

    Pages of one pattern are made by one program; a trap is a pattern that goes on and says nothing new.
    """
    parts = urlsplit(url)
    route, _, query = route_of(url).partition("?")
    return f"{bare_host(parts.hostname or '')}{_pattern(parts.path, parts.query)}{_pattern(route, query) if route else ''}"


def _pattern(path: str, query: str) -> str:
    path = re.sub(r"\d+", "#", path)
    path = re.sub(r"[0-9a-fA-F#]{12,}", "*", path)
    keys = sorted({p.partition("=")[0] for p in query.split("&") if p})
    return f"{path}?{'&'.join(keys)}"


def repeats_itself(url: str) -> bool:
    """Whether a path has one part three times or more (`/a/b/a/b/a/`): relative links that grow for ever.

    Numbers are no repeats (`/2024/11/11/11/`), nor are short values that each follow a name of their own
    (`/cat/all/brand/all/status/all`).
    """
    parts = [part for part in urlsplit(url).path.split("/") if part]
    if len(parts) < REPEATS:
        return False
    times = Counter(parts)
    return any(
        number >= REPEATS and not _NUMBER.fullmatch(part) and not _are_values(part, parts, times) for part, number in times.items()
    )


def _are_values(value: str, parts: list[str], times: Counter[str]) -> bool:
    """Whether each occurrence of a short part stands behind another name, each of which stands there once."""
    before = ["", *parts]
    names = [before[at] for at, part in enumerate(parts) if part == value]
    return len(value) <= SHORT_VALUE and all(name and times[name] == 1 for name in names)


def doubtful(url: str) -> tuple[str, ...]:
    """Return what of an address may or may not change what the page says: parameters by name (`sid=3`, `sort=2`), a route as #."""
    query = urlsplit(url).query if "?" in url else ""
    names = {part.partition("=")[0] for part in query.split("&") if _is_doubtful(part) and not _is_noise(part)}
    return tuple(sorted(names | {"#"} if route_of(url) else names))


def settled(url: str) -> str:
    """Return an address without its doubtful parameters and its route."""
    parts = urlsplit(url)
    query = "&".join(part for part in parts.query.split("&") if not _is_doubtful(part))
    return urlunsplit(parts._replace(query=query, fragment="" if route_of(url) else parts.fragment))


def _is_doubtful(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _SORTS.fullmatch(name):
        words = _words_of(unquote(value))
        return name.lower() == "sort" or _NUMBERED_ORDER.fullmatch(value) is not None or bool(words and _NOUNS.issuperset(words))
    return any(pattern.fullmatch(name) for pattern in (_CAME_FROM, _ARRANGING, _CLOCKS))


def _is_noise(parameter: str) -> bool:
    """Whether a parameter changes nothing that a page says, by its name, or by what its value looks like."""
    name, _, value = parameter.partition("=")
    if _NO_CONTENT.fullmatch(name):
        return True
    if _CLOCKS.fullmatch(name):
        return _TICK.fullmatch(value) is not None
    if _SORTS.fullmatch(name):
        return _names_order(unquote(value))
    if _ARRANGING.fullmatch(name):
        return _names_order(unquote(value)) and not name.lower().startswith("filter")
    return bool(_CAME_FROM.fullmatch(name) and (_TOKEN.fullmatch(value) or _CHANNEL.fullmatch(value)))


def _words_of(value: str) -> list[str]:
    return re.findall(r"[a-z]+", value.lower()) if len(value) <= _LONGEST_ORDER and value.isascii() else []


def _names_order(value: str) -> bool:
    words = _words_of(value)
    return not value or (bool(words) and _ORDER_WORDS.issuperset(words) and not _NOUNS.issuperset(words))


def alike(key: str) -> str:
    """Return what keys have in common that are most likely of one page: parameters in any order, escapes that need none.

    Programs for ASP tell neither paths nor names of parameters by their case. Not the key itself: under that pages are
    stored, as they were first met.
    """
    key, hash_mark, route = key.partition("#")
    path, mark, query = key.partition("?")
    path = _NEEDLESS.sub(lambda match: unquote(match[0]), path) if "%" in path else path
    if not mark:
        return f"{path.lower() if _ASP.search(path) else path}{hash_mark}{route}"
    asp = _ASP.search(path)
    pairs = [(name.lower() if asp else name, value) for name, _, value in (part.partition("=") for part in query.split("&"))]
    query = "&".join(f"{name}={value}" for name, value in sorted(pairs, key=lambda pair: pair[0]))
    return f"{path.lower() if asp else path}?{query}{hash_mark}{route}"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: m[0].upper(), quote(text, safe="%/?&=:;,+!~*'()-._$@#[]"))
