"""The coverage ledger adds up whatever happens."""

from hypothesis import given
from hypothesis import strategies as st

from netpatrol.ledger import End, Ledger, summed

events = st.lists(
    st.tuples(
        st.sampled_from(["plan", "end", "skip", "plan_target", "end_target"]),
        st.sampled_from("ab"),
        st.sampled_from("1234"),
        st.sampled_from(list(End)),
        st.sampled_from(["", "robots", "timeout"]),
    )
)


def take(ledger, step):
    """Let one event happen to a ledger."""
    what, shop, key, how, reason = step
    match what:
        case "plan":
            ledger.plan(shop, key)
        case "end":
            ledger.end(shop, key, how, reason)
        case "skip":
            ledger.skip(shop, key, reason)
        case "plan_target":
            ledger.plan_target(shop)
        case "end_target":
            ledger.end_target(shop, how, reason)


@given(events)
def test_planned_is_checked_and_skipped_and_failed(steps):
    ledger = Ledger()
    for step in steps:
        take(ledger, step)
        assert ledger.adds_up()
    ledger.close()
    assert ledger.adds_up()
    pages = ledger.record()["pages"]
    assert pages["planned"] == pages["checked"] + pages["skipped"] + pages["failed"]


def test_the_first_end_of_a_page_stands():
    ledger = Ledger()
    ledger.plan("a", "1")
    ledger.end("a", "1", End.FAILED, "timeout")
    ledger.end("a", "1", End.CHECKED)
    assert ledger.record()["pages"] == {
        "planned": 1,
        "checked": 0,
        "skipped": 0,
        "skipped_by_reason": {},
        "failed": 1,
        "failed_by_reason": {"timeout": 1},
    }


def test_of_one_page_of_a_shop_it_is_remembered_how_it_ended():
    ledger = Ledger()
    ledger.watch("a", "/")
    for key, reason in (("/1", "http_404"), ("/", "http_503")):
        assert ledger.end_of("a") is None
        ledger.plan("a", key)
        ledger.end("a", key, End.FAILED, reason)
    assert (ledger.end_of("a"), ledger.end_of("b")) == ((End.FAILED, "http_503"), None)


def test_what_is_open_at_the_end_was_interrupted():
    ledger = Ledger()
    ledger.plan("a", "1")
    ledger.plan_target("a")
    ledger.close()
    assert ledger.record()["pages"]["skipped_by_reason"] == {"interrupted": 1}
    assert ledger.record()["targets"]["skipped_by_reason"] == {"interrupted": 1}


def played(steps):
    """Return the closed ledger of a run of these events."""
    ledger = Ledger()
    for step in steps:
        take(ledger, step)
    ledger.close()
    return ledger.record()


@given(st.lists(events, max_size=4))
def test_the_ledgers_of_a_period_add_up_to_one_that_adds_up(runs):
    records = [played(steps) for steps in runs]
    total = summed(records)
    assert total["adds_up"] is True
    for noun in ("pages", "targets"):
        for name in ("planned", "checked", "skipped", "failed"):
            assert total[noun][name] == sum(record[noun][name] for record in records)


def test_a_killed_run_has_no_ledger_and_one_that_does_not_add_up_is_told():
    assert summed([{}])["pages"]["planned"] == 0
    assert summed([{"pages": {"planned": 3, "checked": 1, "skipped": 1, "skipped_by_reason": {"robots": 1}}}])["adds_up"] is False
