"""The first command, called from anywhere, leaves the files that its caller names where the caller is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
STAMP = """
. scripts/environment.sh
python=$(find_python)
environment_mark scripts/requirements-runtime.txt > .venv/.installed-runtime
"""


@pytest.fixture
def clone(tmp_path):
    """A clone whose environment is ready, and whose Python says where it was called, and with what."""
    clone = tmp_path / "a clone"
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    for name in ("run", "pyproject.toml"):
        shutil.copy(ROOT / name, clone / name)
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', "utf-8")
    python.chmod(0o755)
    subprocess.run(["sh", "-c", STAMP], cwd=clone, check=True)
    return clone


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        (["check", "页 1.html"], ["-m", "netpatrol", "check", "页 1.html"]),
        (["scrapy", "crawl", "sites", "-a", "seeds=my seeds.txt"], ["-m", "scrapy", "crawl", "sites", "-a", "seeds=my seeds.txt"]),
        ([], ["-m", "netpatrol", "demo"]),
    ],
)
def test_called_from_another_folder(clone, tmp_path, arguments, called):
    done = subprocess.run([str(clone / "run"), *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(tmp_path), *called]


def test_no_file_is_left_behind(clone, tmp_path):
    left = tmp_path / "tmp"
    left.mkdir()
    subprocess.run([str(clone / "run"), "doctor"], env={**os.environ, "TMPDIR": str(left)}, capture_output=True, check=True)
    assert list(left.iterdir()) == []
