from __future__ import annotations

import os
from pathlib import Path

import pytest

from netpatrol.errors import StoreError
from netpatrol.store import places


@pytest.mark.parametrize(
    ("environ", "home"),
    [
        ({"NETPATROL_HOME": "/data/np"}, Path("/data/np")),
        ({"XDG_DATA_HOME": "/xdg"}, Path("/xdg/netpatrol")),
        ({"NETPATROL_HOME": " ", "XDG_DATA_HOME": "relative"}, Path.home() / ".local/share/netpatrol"),
        ({}, Path.home() / ".local/share/netpatrol"),
    ],
)
def test_home(environ: dict[str, str], home: Path) -> None:
    assert places.home(environ) == home


def test_private_folders_are_private(tmp_path: Path) -> None:
    folder = places.private_folder(tmp_path / "a" / "b")
    assert os.stat(folder).st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        places.private_folder(tmp_path / "file" / "home")
