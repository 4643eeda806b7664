"""Owns link discovery: the links of a page as a browser would request them, from the tree that is there anyway."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_from_bytes, urljoin, urlsplit

from netpatrol.items import Link
from netpatrol.text.html import beginning_of, parse_markup, picture_of
from netpatrol.text.urls import is_web_address, route_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

FRAMES = ("iframe", "frame", "object", "embed")
"""Tags whose page is shown as part of the page that carries them."""
_QUERY = "a[href], area[href], iframe[src], iframe[srcdoc], frame[src], meta[http-equiv][content], link[rel][href]"
_DRAWN = ", svg a"
"""Links of drawings, whose addresses stand under a name with a colon that no selector takes."""
_TURNS = frozenset(("next", "prev"))
"""What a page says in its head of the pages before and after it; no reader sees these links."""
_MOST_INNER = 100_000
_EDGE = "".join(map(chr, range(33)))  # C0 controls and space, which the URL standard strips at both ends
_INNER = re.compile(r"[\t\n\r]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_REFRESH = re.compile(  # possessive: blanks that could belong to two places would be tried in every division
    r"""\s*+[\d.]*+(?:\s*+[;,]|\s)\s*+(?:url\s*+=\s*+)?["']?\s*+([^"'\s][^"']*+)""", re.IGNORECASE
)
_UNSAFE_PATH = "/:@!$&'()*+,;=~-._%[]|^"
_DOTS = re.compile(r"(?:^|/)\.{1,2}(?:/|$|\?|#)")
_HOST = re.compile(r"[a-z0-9.\-_]+(?::\d*)?|\[[0-9a-f:.]+\](?::\d*)?", re.IGNORECASE)
_MAX_URL = 8_000
_MAX_LINKS = 20_000


def find_links(document: Document) -> tuple[Link, ...]:
    """Return the distinct links of a page in document order; looked for once however often it is asked.

    Every url is absolute, http or https, ASCII, without a fragment unless that is a route (`#/x`, `#!/x`). `where` is the
    tag that carries it; a refresh inside noscript has rel `noscript`: a browser with scripts would not follow it. Of very
    many the first are returned, and of very long ones none; `has_more_links` says so.
    """
    if document.links is None:
        document.links = tuple(_links(document))
    return document.links


def _links(document: Document) -> Iterable[Link]:
    resolve = Resolver(base_of(document), document.encoding.used)
    found: dict[tuple[str, str], Link] = {}
    sent_on = _refreshed(document.refresh, resolve)
    if sent_on:
        found[sent_on, "refresh"] = Link(url=sent_on, where="refresh")
    for node in document.tree.css(_QUERY + (_DRAWN if "xlink:href" in document.markup else "")):
        tag = node.tag or ""
        attributes = node.attributes
        if tag in ("meta", "link"):
            link = _in_head(node, tag, attributes, resolve)
            if link is not None:
                found.setdefault((link.url, link.where), link)
            continue
        if tag == "iframe" and "srcdoc" in attributes:
            for inner in _inside(attributes["srcdoc"] or "", document):
                found.setdefault((inner.url, inner.where), inner)
            continue
        href = (attributes.get("href") or attributes.get("xlink:href") if tag in ("a", "area") else attributes.get("src")) or ""
        document.has_more_links |= len(href) > _MAX_URL
        url = resolve(href)
        known = found.get((url, tag))
        if not url or (known is not None and known.text and not known.rel):
            continue  # most links of a page repeat earlier ones: 142 of 153 on those measured
        rel = attributes.get("rel") or ""
        if known is not None:
            if "nofollow" in rel or "nofollow" not in known.rel:
                rel = known.rel  # one plain link is enough to follow, whatever the others say
            elif known.text:
                found[url, tag] = replace(known, rel=rel)
                continue
        link = Link(url=url, text=text_of(node, attributes), rel=rel, where=tag)
        if known is None or link.text or rel != known.rel:
            found[url, tag] = link
        if len(found) >= _MAX_LINKS:
            document.has_more_links = True
            break
    return found.values()


def _inside(markup: str, document: Document) -> tuple[Link, ...]:
    """Return the links of the page that a frame holds itself; those of frames in it are left."""
    if "<" not in markup:
        return ()
    inner = parse_markup(markup[:_MOST_INNER], base_of(document))
    for frame in inner.tree.css("iframe[srcdoc]"):
        frame.decompose()
    return find_links(inner)


def base_of(document: Document) -> str:
    """Return what links are relative to: the first `<base>` that has an href, resolved, else the page's url; looked for once."""
    return document.once(_base_of)


def _base_of(document: Document) -> str:
    for node in document.tree.css("base[href]"):
        href = (node.attributes.get("href") or "").strip(_EDGE)
        if href:
            joined = Resolver(document.url, "utf-8")(href)
            return joined or document.url
    return document.url


def _in_head(node: Node, tag: str, attributes: dict[str, str | None], resolve: Resolver) -> Link | None:
    if tag == "link":
        said = (attributes.get("rel") or "").lower().split()
        url = resolve(attributes.get("href") or "") if said == ["canonical"] or not _TURNS.isdisjoint(said) else ""
        if not url:
            return None
        return Link(url=url, where="canonical") if said == ["canonical"] else Link(url=url, rel=" ".join(said), where="link")
    if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
        return None
    url = _refreshed(attributes.get("content") or "", resolve)
    return Link(url=url, rel="noscript" if _within(node, "noscript") else "", where="refresh") if url else None


def _refreshed(content: str, resolve: Resolver) -> str:
    """Return where a refresh leads, of a header or of the tag that stands for it; "" where it names no address."""
    match = _REFRESH.match(content[:_MAX_URL])
    return resolve(match[1]) if match else ""


def _within(node: Node, tag: str) -> bool:
    parent = node.parent
    for _ in range(8):
        if parent is None:
            return False
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


def text_of(node: Node, attributes: dict[str, str | None]) -> str:
    """Return what an element says, at most 200 characters: its text, else its title, else that of its picture."""
    text = beginning_of(node, 300)[:300] if node.first_child is not None else ""
    text = " ".join(text.split())
    if text:
        return text[:200]
    title = attributes.get("title") or ""
    if title or node.first_child is None:
        return title[:200]
    image = picture_of(node)
    return (image.attributes.get("alt") or "")[:200] if image is not None else ""


class Resolver:
    """Turns hrefs as written into URLs as a browser would request them, with a memory for the page."""

    def __init__(self, base: str, encoding: str) -> None:
        self.base = base if _is_web(base) else ""
        parts = urlsplit(self.base)
        self._scheme = parts.scheme + ":"
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        self._folder = self._origin + (parts.path.rpartition("/")[0] or "") + "/" if self._origin else ""
        self.encoding = {"big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(encoding, encoding)
        if self.encoding.startswith("utf-16"):
            self.encoding = "utf-8"  # the URL standard: queries of UTF-16 pages are UTF-8
        self._known: dict[str, str] = {}

    def __call__(self, href: str) -> str:
        """Return the absolute URL, or "" for what is no link of the web."""
        url = self._known.get(href)
        if url is None:
            url = self._known[href] = self._resolve(href)
        return url

    def _resolve(self, href: str) -> str:
        href = href.strip(_EDGE)
        if not href or len(href) > _MAX_URL:
            return ""
        if "\t" in href or "\n" in href or "\r" in href:
            href = _INNER.sub("", href)
        href, _, fragment = href.partition("#")
        route = route_of("#" + fragment)
        if not href:
            return self._own(route) if route else ""
        url = self._join(href)
        if not _is_web(url):
            return ""
        return self._ascii(url + route)

    def _own(self, route: str) -> str:
        return self._ascii(self.base.partition("#")[0] + route) if self.base else ""

    def _join(self, href: str) -> str:
        """Join without urljoin where that is plain; it would cost more than the rest of link discovery."""
        match = _SCHEME.match(href)
        if match:
            scheme = match[0].lower()
            if scheme not in ("http:", "https:"):
                return ""
            rest = href[len(scheme) :].replace("\\", "/")
            if rest.startswith("//"):
                return scheme + "//" + rest.lstrip("/")
            if scheme != self._scheme:
                return scheme + "//" + rest.lstrip("/")
            href = rest
        path, mark, query = href.partition("?")
        path = path.replace("\\", "/")
        href = path + mark + query
        if not self._origin or not href:
            return self.base if self._origin else ""
        if href.startswith("//"):
            return self._scheme + href
        if _DOTS.search(path) or href.startswith("?"):
            try:
                return urljoin(self.base, href)
            except ValueError:
                return ""
        return self._origin + href if href.startswith("/") else self._folder + href

    def _ascii(self, url: str) -> str:
        """Return the URL in ASCII: path in UTF-8, query in the page's encoding, host in Punycode."""
        scheme, _, rest = url.partition("://")
        at = min((index for index in (rest.find("/"), rest.find("?"), rest.find("#")) if index >= 0), default=len(rest))
        host, tail = rest[:at], rest[at:]
        if not _HOST.fullmatch(host):
            host = _clean_host(host)
            if not host:
                return ""
        if ":" in host and not is_web_address(f"http://{host}/"):
            return ""
        if not tail.startswith("/"):
            tail = "/" + tail
        if not tail.isascii() or not _is_printable(tail):
            tail = self._quote(tail)
        return f"{scheme.lower()}://{host.lower()}{tail}"

    def _quote(self, tail: str) -> str:
        tail, hash_mark, route = tail.partition("#")
        path, mark, query = tail.partition("?")
        out = quote(path.encode("utf-8", "replace"), safe=_UNSAFE_PATH) + mark
        out += "".join(
            self._quote_query(char) if char > "~" or char in ' "<>' or char < "!" else char for char in query
        )
        return out + hash_mark + quote(route.encode("utf-8", "replace"), safe=_UNSAFE_PATH + "?#")

    def _quote_query(self, char: str) -> str:
        try:
            return quote_from_bytes(char.encode(self.encoding))
        except (UnicodeEncodeError, LookupError):
            return quote(f"&#{ord(char)};")  # what browsers send for characters that the encoding lacks


def _is_printable(tail: str) -> bool:
    return tail.isprintable() and " " not in tail and '"' not in tail and "<" not in tail and ">" not in tail


def _is_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))


def _clean_host(host: str) -> str:
    """Return a host that is not plain ASCII in Punycode; "" where it can be no host. A user part is dropped."""
    host = host.rpartition("@")[2]
    if _HOST.fullmatch(host):
        return host
    try:
        name, _, port = host.partition(":")
        ascii_name = name.replace("。", ".").replace("．", ".").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    full = f"{ascii_name}:{port}" if port else ascii_name
    return full if _HOST.fullmatch(full) else ""
