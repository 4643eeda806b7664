"""Merging leads: any order, any grouping, twice: the same lead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.items import (
    Candidate,
    Confidence,
    Determination,
    LeadFinding,
    Match,
    MatchVerdict,
    Severity,
    ShopRef,
    Verdict,
    ZoneName,
)  # fmt: skip
from netpatrol.leads.build import build_leads, fold, lead_id, subject_of
from netpatrol.leads.merge import merge

SHOP = ShopRef(shop_id="a.example", url="http://a.example/", name="甲店")
START = datetime(2026, 11, 1, tzinfo=UTC)


def finding(key="k1", day=0, verdict=Verdict.VIOLATION, severity=Severity.HIGH, evidence="e1", pack_version=1, url="http://a.example/1"):
    seen = START + timedelta(days=day)
    return LeadFinding(
        key=key, rule_id="absolute.rank.first", family="absolute", verdict=verdict, severity=severity, confidence=Confidence.HIGH,
        quote="全国第一", clause="全国第一的蜂蜜", url=url, zone=ZoneName.TEXT, basis=(), message="", reasons=(), exemption=None,
        considered=(), pack="absolute", pack_version=pack_version, evidence=(evidence,), first_seen=seen, last_seen=seen,
    )  # fmt: skip


findings = st.builds(
    finding,
    key=st.sampled_from(["k1", "k2", "k3"]),
    day=st.integers(0, 5),
    verdict=st.sampled_from(list(Verdict)),
    severity=st.sampled_from(list(Severity)),
    evidence=st.sampled_from(["20261101-a", "20261102-b", "20261103-c"]),
    pack_version=st.integers(1, 3),
    url=st.sampled_from(["http://a.example/1", "http://a.example/2"]),
)
leads = st.lists(findings, min_size=1, max_size=4).map(
    lambda some: build_leads([*some, finding(key="k0", day=0)], SHOP, Match(determination=Determination.NO_MATCH))[0]
)


@given(leads, leads)
def test_commutative(one, other):
    assert merge(one, other) == merge(other, one)


@given(leads, leads, leads)
def test_associative(one, other, third):
    assert merge(merge(one, other), third) == merge(one, merge(other, third))


@given(leads)
def test_idempotent(lead):
    assert merge(lead, lead) == lead


@given(leads, leads)
def test_merging_again_changes_nothing(one, other):
    both = merge(one, other)
    assert merge(both, one) == both == merge(both, other)


@given(st.lists(st.lists(findings, min_size=1, max_size=3), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_pages_fold_in_any_order(pages, random):
    shuffled = random.sample(pages, len(pages))
    assert fold(pages, SHOP, Match()) == fold(shuffled, SHOP, Match())
    assert fold(pages, SHOP, Match()) == fold([*pages, *pages], SHOP, Match())


def test_leads_of_different_subjects_do_not_merge():
    one = build_leads([finding()], SHOP, Match())[0]
    other = replace(one, lead_id="0" * 32)
    with pytest.raises(ValueError, match="not the same"):
        merge(one, other)


def test_what_is_only_exempt_opens_no_lead():
    assert build_leads([finding(verdict=Verdict.EXEMPT)], SHOP, Match()) == ()
    assert fold([[finding(verdict=Verdict.EXEMPT)], [finding(verdict=Verdict.REVIEW)]], SHOP, Match()) == ()


def test_a_storefront_and_its_platform_have_different_leads():
    front = replace(SHOP, shop_id="mall.example/shop/1")
    other = replace(SHOP, shop_id="mall.example/shop/2")
    assert len({lead_id("s", shop, "absolute") for shop in (SHOP, front, other)}) == 3


def test_the_first_and_the_last_capture_are_kept():
    sights = [finding(day=day, evidence=f"2026110{day + 1}-x") for day in range(5)]
    lead = reduce(merge, [build_leads([sight], SHOP, Match())[0] for sight in sights])
    assert lead.findings[0].evidence == ("20261101-x", "20261105-x")
    assert (lead.first_seen, lead.last_seen) == (START, START + timedelta(days=4))


def test_who_was_used_by_a_clone_is_not_whom_the_lead_is_about():
    victim = Candidate(entity_id="91420503MA4A4E5F8A", name="恒顺五金", score=1.0, verdict=MatchVerdict.EXACT)
    assert subject_of(Match(entity=victim, determination=Determination.MATCH), SHOP)[0] == victim.entity_id
    assert subject_of(Match(entity=victim, determination=Determination.MISMATCH), SHOP) == ("shop:a.example", "甲店")
