"""Which targets are not this run's to do, and why."""

from types import SimpleNamespace

import pytest
from scrapy.settings import BaseSettings

from netpatrol.ledger import Ledger
from netpatrol.spiders._claims import Claims


@pytest.mark.parametrize(
    ("away", "most", "reasons"),
    [
        (False, 9, {"leased_or_parked": 1, "not_due": 1}),
        (False, 1, {"target_budget": 2}),
        (True, 9, {"database_away": 2}),
        (True, 1, {"database_away": 2}),
    ],
)
def test_what_is_not_ours_to_do_is_told_from_what_could_not_be_asked_for(away, most, reasons):
    settings = BaseSettings({"NETPATROL_MAX_TARGETS": most})
    patrol = SimpleNamespace(ledger=Ledger(), store_away=away, settings=settings)
    claims = Claims(patrol, ("site",), wanted={"asked", "found", "begun"}, asked={"asked"}, begun={"begun"})
    claims.give_up_the_rest()
    assert patrol.ledger.record()["targets"]["skipped_by_reason"] == reasons
