"""Benchmarks run in the environment that `./run` makes: a peer that is not installed is left out, and said so first."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.mark.parametrize("installed", [True, False])
def test_a_peer_that_is_not_installed_is_left_out(installed: bool, monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("bench_detect", Path(__file__).parents[2] / "bench" / "detect.py")
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    engine = SimpleNamespace(rules=SimpleNamespace(scanner=SimpleNamespace(scan=lambda *_: None), entries=()), packs=SimpleNamespace(rules=tuple))
    one = lambda *_: 1.0  # noqa: E731
    for name, value in {
        "load_packs": tuple, "Engine": lambda _: engine, "measure": lambda _: (), "pages": lambda *_, **__: [], "ratio": one,
        "against_reading": one, "against_pyahocorasick": one, "find_spec": lambda _: object() if installed else None,
    }.items():  # fmt: skip
        monkeypatch.setattr(bench, name, value)
    bench.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("pyahocorasick is not compared with") is not installed
    assert any("pyahocorasick matching" in line for line in lines) is installed
