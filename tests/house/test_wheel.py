"""The wheel carries everything: packs, tables, spiders; `scrapy` finds them by SCRAPY_SETTINGS_MODULE alone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files_of(folder):
    """Return the package's files below a folder, without what running them leaves behind."""
    found = (path.relative_to(folder) for path in (folder / "netpatrol").rglob("*") if path.is_file())
    return {path for path in found if "__pycache__" not in path.parts}


def test_packs_and_tables_are_inside(installed):
    assert files_of(ROOT) == files_of(installed)


def test_spiders_are_found_from_anywhere(installed, tmp_path):
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(installed), "SCRAPY_SETTINGS_MODULE": "netpatrol.settings",
        "PYTHONSAFEPATH": "1",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "sites" in done.stdout.split()


def test_check_works_from_anywhere(installed, tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "netpatrol.cli", "check", "-", "--kind", "product_title", "--format", "jsonl"], input="全国第一的土蜂蜜",
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"verdict": "violation"' in done.stdout
