"""URL sense: which addresses are one page, which host is which shop. Pure string work, no parsing of pages."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

_VOLATILE = re.compile(
    r"s?ession_?(?:id|key)?|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|spm|scm|isappinstalled|utm_\w+|"
    r"gclid|fbclid|ts|timestamp|_t|_|rnd|random|nocache|clickid|bd_vid",
    re.IGNORECASE,
)
"""Names that say themselves that no content hangs on them."""
_ARRANGING = re.compile(
    r"sort_?(?:by|order|type)|order_?by|(?:price|p)_?(?:min|max|from|to)|min_?price|max_?price|filter\w*",
    re.IGNORECASE,
)
_CAME_FROM = re.compile(r"sid|from|ref|referer|source|share_?\w*|track\w*", re.IGNORECASE)
_SORTS = re.compile(r"sort|order|dir|direction", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}|(?=.*\d)(?=.*[a-z])[\w.~-]{16,}|[0-9a-f]{24,}", re.IGNORECASE)
_CHANNEL = re.compile(
    r"(?:m|pc|h5|wap|web|app|mobile|android|ios|home|index|list|search|share|menu|nav|top|foot(?:er)?|banner|related|recommend|"
    r"direct|link|ads?|qr\w*|we?i?xin|wechat|wx|singlemessage|groupmessage|timeline|favorites|qq|qzone|weibo|baidu|sogou|360|so|"
    r"toutiao|douyin|google|bing|e?mail|sms|other)?|.*(?:/|%2f|%3a).*",
    re.IGNORECASE,
)
"""Where visitors come from: through a channel, or from an address."""
_ORDER_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a d asc desc up down price sale sales sold time date new newest latest hot pop popular popularity default last update "
        "updated add added id name title click clicks hit hits rank score comment comments num number count stock view views rating "
        "relevance relevant credit goods shop product item market low high first to by salesnum",
    )
)
"""What the value of a sort parameter is made of, where it names an order."""
_LONGEST_ORDER = 60
_NUMBERED_ORDER = re.compile(r"\d{1,2}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*|/\(S\([a-z0-9]{8,}\)\)", re.IGNORECASE)
_ALIAS = re.compile(r"^(?:www\d?|m|wap|h5|3g|mobile|touch)\.")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
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


def bare_host(host: str) -> str:
    """Return a host without `www.`, `m.` and the like, where something like a domain is left."""
    host = host.lower().rstrip(".")
    stripped = _ALIAS.sub("", host)
    return stripped if "." in stripped else host


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

    Scheme, alias hosts, default ports, session and tracking parameters, sort orders and filters, escapes in
    different case and fragments (but `#/` routes) do not make another page. Parameters of which neither name nor value
    tells (`doubtful`) make one until the site has shown otherwise. The bytes of a query are kept as they
    are: `%D2%A9` (GBK) and `%E8%8D%AF` (UTF-8) stay two keys.
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
    fragment = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    return urlunsplit(("", netloc, path.rstrip("/") or "/", query, fragment)).removeprefix("//")


def form_mark(fields: tuple[tuple[str, str], ...]) -> str:
    """Return what a page key is followed by where a form led to the page; "" for none."""
    return "#post:" + urlencode(fields) if fields else ""


def fetch_url(url: str) -> str:
    """Return the address to fetch for a link: without fragment, session, sort and filter parameters.

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
    path = re.sub(r"\d+", "#", parts.path)
    path = re.sub(r"[0-9a-fA-F#]{12,}", "*", path)
    keys = sorted({p.partition("=")[0] for p in parts.query.split("&") if p})
    return f"{bare_host(parts.hostname or '')}{path}?{'&'.join(keys)}"


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
    """Return the parameters of an address that may or may not change what the page says, by name (`sid=3`, `sort=2`)."""
    query = urlsplit(url).query if "?" in url else ""
    return tuple(sorted({part.partition("=")[0] for part in query.split("&") if _is_doubtful(part) and not _is_noise(part)}))


def settled(url: str) -> str:
    """Return an address without its doubtful parameters."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(part for part in parts.query.split("&") if not _is_doubtful(part))))


def _is_doubtful(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _SORTS.fullmatch(name):
        return name.lower() == "sort" or _NUMBERED_ORDER.fullmatch(value) is not None
    return _CAME_FROM.fullmatch(name) is not None


def _is_noise(parameter: str) -> bool:
    """Whether a parameter changes nothing that a page says, by its name, or by what its value looks like."""
    name, _, value = parameter.partition("=")
    if _VOLATILE.fullmatch(name) or _ARRANGING.fullmatch(name):
        return True
    if _SORTS.fullmatch(name):
        return _names_order(unquote(value))
    return bool(_CAME_FROM.fullmatch(name) and (_TOKEN.fullmatch(value) or _CHANNEL.fullmatch(value)))


def _names_order(value: str) -> bool:
    words = re.findall(r"[a-z]+", value.lower()) if len(value) <= _LONGEST_ORDER and value.isascii() else []
    return not value or (bool(words) and _ORDER_WORDS.issuperset(words))


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: m[0].upper(), quote(text, safe="%/?&=:;,+!~*'()-._$@#[]"))
