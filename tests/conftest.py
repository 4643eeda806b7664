"""Fixtures for all tests. The operator's own settings never leak into a test.

`response` and `vcr_settings` override those of scrapy-mock: status, headers and final address are kept (a GBK page
without a meta tag would otherwise be read as something else), recordings lie in `fixtures/responses/`, and nothing is
recorded unless RECORD is set and CI is not.
"""

import hashlib
import os
import re
from pathlib import Path

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

for _name in [name for name in os.environ if name.startswith("NETPATROL_") and name != "NETPATROL_TEST_DATA"]:
    del os.environ[_name]
if not os.environ.get("RECORD"):
    for _name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        os.environ.pop(_name, None)
os.environ.pop("MONGO_URI", None)
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""

RESPONSES = Path(__file__).parent.parent / "fixtures" / "responses"


SHARING = {
    "judging": ("tests/quality/", "tests/rules/", "tests/unit/detect/test_engine.py", "tests/unit/detect/test_naming.py"),
    "drawing": tuple(f"tests/crawl/test_{name}.py" for name in ("browser_guard", "render", "waiting")),
    **{name: (f"tests/crawl/test_{name}.py",) for name in ("discover", "endless", "faults", "planning")},
}
"""Files of tests that one worker runs one after the other: they share the engine of the built-in packs, whose expressions are put
together when they are first needed; a browser, as browsers that wait for each other's pages give up; a crawl of half a minute.
"""


def _shared(nodeid):
    return next((name for name, files in SHARING.items() if nodeid.startswith(files)), "")


class Scheduling(LoadScopeScheduling):
    """Hands out tests one by one, those that share something dear together."""

    def _split_scope(self, nodeid):
        return _shared(nodeid) or nodeid


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest and mostly waits: crawls that ask for more time, those that are shared, then the others."""
    items.sort(key=_turn)


def _turn(item):
    turns = ("timeout" in item.keywords, _shared(item.nodeid) != "", "crawl" in item.keywords, "mongo" in item.keywords)
    return next((turn for turn, applies in enumerate(turns) if applies), len(turns))


@pytest.fixture(scope="session")
def engine():
    """Return one engine of the built-in packs for all tests of detection, as commands and patrols make it."""
    from netpatrol.detect.kept import kept_engine
    from netpatrol.detect.pack import RULES
    from netpatrol.store.places import cache

    return kept_engine([RULES], cache())


@pytest.fixture(scope="session")
def vcr_settings():
    """Return the recorder: replay only, unless recording is asked for."""
    import vcr

    recording = os.environ.get("RECORD") and not os.environ.get("CI")
    return vcr.VCR(
        serializer="yaml",
        decode_compressed_response=True,
        cassette_library_dir=str(RESPONSES),
        record_mode="once" if recording else "none",
        filter_headers=["authorization", "cookie", "set-cookie", "user-agent"],
    )


@pytest.fixture
def three(tmp_path):
    """Three database servers that stand in for each other, started."""
    from support.replica import ReplicaSet

    servers = ReplicaSet(tmp_path / "set")
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture
def response(request, vcr_settings, url):
    """Return the recorded Scrapy response of the test's `url`, as the host sent it."""
    import requests
    import scrapy_mock
    from scrapy.http import Headers, Request
    from scrapy.responsetypes import responsetypes

    class Session(scrapy_mock.MockSession):
        def _request(self, method, url, meta=None, **kwargs):
            answer = requests.Session.request(self, method, url, **kwargs)
            dropped = ("content-encoding", "transfer-encoding")
            headers = Headers({name: value for name, value in answer.headers.items() if name.lower() not in dropped})
            kind = responsetypes.from_args(headers=headers, url=answer.url, body=answer.content)
            return kind(
                url=answer.url,
                status=answer.status_code,
                headers=headers,
                body=answer.content,
                request=Request(url, meta=meta),
            )

    slug = re.sub(r"[^\w]+", "-", request.node.nodeid.split("::", 1)[-1])[:60]
    name = f"{slug}-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]}.yaml"
    with vcr_settings.use_cassette(name), Session() as session:
        yield session.get(url)
