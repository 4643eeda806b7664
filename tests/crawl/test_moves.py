"""A shop has moved where its new home was seen; one that is switched off for a while has not."""

import pytest
from support import hostile

from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = (
    "-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_TIMES=0", "-s", "NETPATROL_BROWSER=off", "-a", "follow=off",
    "-s", "NETPATROL_MIN_SHARE=0",
)  # fmt: skip
MOVED = ("left-301.example/301/home", "left-302.example/302/home", "left-refresh.example/refresh/home", "left-script.example/script/home")
FRAMED = "left-frame.example/frame/home"
STAYS = (
    "left-notice.example/302/notice", "left-portal.example/301/portal", "left-nowhere.example/302/nowhere", "left-inside.example/301/inside",
    "left-cloud.example/301/cloud", "left-told.example/script/notice",
)  # fmt: skip


@pytest.mark.parametrize(
    ("again", "moved"),
    [(("recheck",), (*MOVED, FRAMED)), (("sites", "-a", "due=all"), MOVED)],
    ids=["looked at", "patrolled"],
)
def test_only_who_is_seen_elsewhere_has_moved(patrol, again, moved):
    every = (*MOVED, FRAMED, *STAYS)
    (seeds := patrol.home.parent / "seeds.txt").write_text("\n".join(f"http://{at}" for at in every), "utf-8")
    with hostile.serve() as proxy:
        patrol.crawl("sites", "-a", f"seeds={seeds}", *FAST, proxy=proxy)
        hostile.Host.changed = True
        patrol.crawl(*again, *FAST, proxy=proxy)
    with connect(patrol.home, "") as store:
        leads = {lead["shop_id"]: lead.get("closed_reason") or "open" for lead in store.db["leads"].find({"family": "absolute"})}
    assert leads == {at.partition("/")[0]: "moved" if at in moved else "open" for at in every}
