"""Steps from one schema version to the next. Each may be repeated, and may be cut short at any point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymongo.database import Database


def _forms_of_an_address(db: Database[dict[str, Any]]) -> None:
    """Drop the index by which an address was one page; since version 2 its forms are pages of their own."""
    _drop_index(db, "pages", "shop_id_1_url_1")


def _one_shard_key(db: Database[dict[str, Any]]) -> None:
    """Drop indexes that others took the place of: unique ones begin with the shard key since version 3."""
    for name in ("host_1_shop_id_1", "status_1_kind_1_tier_1_due_at_1", "name_1"):
        _drop_index(db, "targets", name)
    _drop_index(db, "shops", "host_1_shop.shop_id_1")


def _archives_with_ids(db: Database[dict[str, Any]]) -> None:
    """Say of the captures entered so far that nothing is known of their archive; since version 4 each names its own."""
    db["evidence"].update_many({"archive": {"$exists": False}}, {"$set": {"archive": ""}})


def _drop_index(db: Database[dict[str, Any]], collection: str, name: str) -> None:
    """Drop an index that may be gone already, by an upgrade that was cut short or one that runs beside this."""
    from pymongo.errors import OperationFailure

    try:
        db[collection].drop_index(name)
    except OperationFailure as error:
        if error.code not in (26, 27):  # 26: no such collection, 27: no such index
            raise


# Version -> what brings the documents of the version before to it. Version 1 is the first.
MIGRATIONS: Mapping[int, Callable[[Database[dict[str, Any]]], None]] = {
    2: _forms_of_an_address,
    3: _one_shard_key,
    4: _archives_with_ids,
}
