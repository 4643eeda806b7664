"""A proxy that does not answer is told before anything is fetched."""

import socket

import pytest

from netpatrol.proxy import ProxyAwayError, check_proxy


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed():
    """Return a port on which nobody listens."""
    server = socket.create_server(("127.0.0.1", 0))
    (_, port), _ = server.getsockname(), server.close()
    return port


def test_no_proxy_and_one_that_listens_are_fine(monkeypatch, listening):
    check_proxy()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{listening}")
    check_proxy()


@pytest.mark.parametrize("url", ["http://user:secret@127.0.0.1:{port}", "127.0.0.1:{port}"])
def test_one_that_refuses_is_one_sentence_and_three(monkeypatch, closed, url):
    monkeypatch.setenv("http_proxy", url.format(port=closed))
    with pytest.raises(ProxyAwayError, match=f"127.0.0.1:{closed} 连不上") as caught:
        check_proxy()
    assert caught.value.exit_code == 3
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_proxy_that_is_no_address_is_told_too(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:notaport")
    with pytest.raises(ProxyAwayError):
        check_proxy()
