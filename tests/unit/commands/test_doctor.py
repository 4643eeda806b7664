"""`doctor` on settings that could not be meant."""

import subprocess
import sys

import pytest


@pytest.fixture
def doctor(tmp_path, monkeypatch):
    def run(**settings: str) -> subprocess.CompletedProcess[str]:
        for name, value in {"HOME": str(tmp_path / "home"), **settings}.items():
            monkeypatch.setenv(f"NETPATROL_{name}", value)
        given = [sys.executable, "-m", "netpatrol.cli", "doctor", "--no-database"]
        return subprocess.run(given, capture_output=True, check=False, encoding="utf-8")

    return run


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc", "/nowhere"])
def test_a_browser_that_is_none_is_a_fault(doctor, path: str):
    done = doctor(BROWSER=path)
    assert done.returncode == 1
    assert f"✗ NETPATROL_BROWSER 所指的 {path} 不是可执行的程序" in done.stdout


def test_a_browser_that_does_not_start_is_a_fault(doctor):
    done = doctor(BROWSER="/bin/true")
    assert done.returncode == 1
    assert "✗ 浏览器 /bin/true 启动不了" in done.stdout


def test_no_browser_is_a_choice(doctor):
    done = doctor(BROWSER="off")
    assert done.returncode == 0
    assert "！ NETPATROL_BROWSER=off：不用浏览器" in done.stdout


def test_a_region_that_is_none_is_told(doctor):
    done = doctor(REGION="4205 420502003 999999")
    assert done.returncode == 0
    assert "！ 没有这样的区划代码：999999　→ 核对 NETPATROL_REGION" in done.stdout


@pytest.mark.parametrize("contact", ["某局\r\nX-Other: 1", "x" * 201])
def test_a_contact_is_one_line(doctor, contact: str):
    done = doctor(CONTACT=contact)
    assert done.returncode == 2
    assert done.stderr.startswith("环境变量 NETPATROL_CONTACT 应为一行文字，不超过 200 个字，现为 ")


def test_a_home_where_no_file_can_lie_is_a_fault(doctor):
    done = doctor(HOME="/proc/nowhere")
    assert done.returncode == 1
    assert "✗ 磁盘 /proc：存不了文件" in done.stdout
