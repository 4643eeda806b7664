"""`--host` of the lists: a host or a storefront, as a table, an address or a person writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from netpatrol.commands.tables import not_empty
from netpatrol.errors import NetPatrolError

if TYPE_CHECKING:
    from netpatrol.store.database import Store


def _possible(ctx: typer.Context, param: typer.CallbackParam, given: str) -> str:
    """Refuse what can be no host, before anything is opened."""
    if not_empty(ctx, param, given):
        _parts(given)
    return given


Host = Annotated[str, typer.Option("--host", help="只看这个主机或网店（域名、网址或表中“网店”一列）", callback=_possible)]


def of_host(store: Store, given: str) -> dict[str, Any]:
    """Return the query for what lies on a host, with or without `www.`, or in the shop that an address belongs to.

    Tables show a shop by its bare host, records hold the host that was asked: either finds both. With a path it is
    the shop there, whose id is the longest that is known, and all below: of a platform only that storefront.
    """
    from netpatrol.store.database import database_errors
    from netpatrol.text.urls import bare_host

    if not given:
        return {}
    host, path = _parts(given)
    steps = [bare_host(host), *(step for step in path.split("/") if step)]
    below: dict[str, Any] = {"shop_id": {"$regex": f"^{re.escape('/'.join(steps))}/"}}
    if len(steps) == 1:
        return {"$or": [{"host": host}, {"shop_id": steps[0]}, below]}
    keys = ["/".join(steps[:length]) for length in range(len(steps), 0, -1)]
    asked = {"shop_id": {"$in": keys}}
    with database_errors():
        known = {found["shop_id"] for name in ("targets", "leads") for found in store.db[name].find(asked, {"shop_id": 1})}
    shop = next((key for key in keys if key in known), keys[0])
    return {"$or": [{"shop_id": shop}, below]}


def _parts(given: str) -> tuple[str, str]:
    """Return host and path of what was given; NetPatrolError for what can be no host."""
    from netpatrol.store.hosts import address_of, host_of

    try:
        return host_of(given), urlsplit(address_of(given)).path
    except ValueError as error:
        raise NetPatrolError(f"--host {error}：{given!r}") from error
