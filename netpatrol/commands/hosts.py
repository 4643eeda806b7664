"""`--host` of the lists: the host as a table, an address or a person writes it."""

from __future__ import annotations

from typing import Any


def of_host(given: str) -> dict[str, Any]:
    """Return the query for what lies on a host, with or without `www.`; NetPatrolError for what can be no host.

    Tables show a shop by its bare host, records hold the host that was asked: either finds both.
    """
    from netpatrol.errors import NetPatrolError
    from netpatrol.store.hosts import host_of
    from netpatrol.text.urls import bare_host

    if not given:
        return {}
    try:
        host = host_of(given)
    except ValueError as error:
        raise NetPatrolError(f"--host {error}：{given!r}") from error
    return {"$or": [{"host": host}, {"shop_id": bare_host(host)}]}
