"""Learns of one site which of its own hosts only send visitors on: each `http://a.cn/7` to `https://www.a.cn/7`.

Pages that link so would cost two requests each. Once several addresses of an origin (scheme and host) have redirected to
the same of another one, and none has answered, the others are asked for there at once. Where that shows no page, the
address that was linked is asked for after all, as long as such answers are few: it may be the first that its host shows.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

SHOWN = 3
"""Addresses that must have been sent on."""


class Origins:
    """Where the origins of one site send their visitors."""

    def __init__(self) -> None:
        self._sent: dict[str, tuple[str, int]] = {}
        self._answering: set[str] = set()
        self._failed: Counter[str] = Counter()

    def note_sent(self, url: str, to: str) -> None:
        """Note a redirect within the site; one that changes more than scheme and host says nothing here."""
        (origin, rest), (home, there) = _parts(url), _parts(to)
        if rest == there and origin != home:
            before, count = self._sent.get(origin, (home, 0))
            self._sent[origin] = (home, count + 1 if before == home else 1)

    def note_answer(self, url: str) -> None:
        """Note that an origin has shown a page itself."""
        self._answering.add(_parts(url)[0])

    def may_err(self, url: str) -> bool:
        """Note that no page stood where the origin of an address would send it; whether the address itself is worth a try."""
        origin = _parts(url)[0]
        self._failed[origin] += 1
        return self._failed[origin] <= SHOWN

    def settled(self, url: str) -> str:
        """Return an address as it stands where its origin would send it."""
        if not self._sent:
            return url
        origin, rest = _parts(url)
        home, count = self._sent.get(origin, ("", 0))
        return f"{home}{rest}" if count >= SHOWN and origin not in self._answering else url


def _parts(url: str) -> tuple[str, str]:
    """Return scheme with host, and all that follows."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin, url[len(origin) :]
