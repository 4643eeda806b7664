"""`scrapy crawl` with what cannot be meant: one sentence and exit code 2, before anything is opened."""

import os
import subprocess
import sys

import pytest


def crawl(*words, **environment):
    given = [sys.executable, "-m", "scrapy", "crawl", *words]
    known = {**os.environ, "SCRAPY_SETTINGS_MODULE": "netpatrol.settings", "NETPATROL_CONTACT": "x", "NO_COLOR": "1"}
    return subprocess.run(given, env={**known, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (["nowhere"], {}, "没有爬虫 'nowhere'，可用：discover、recheck、sites、storefronts"),
        (["sites", "-a", "seed=a.txt"], {}, "爬虫没有参数 seed，可用：seeds、due、follow"),
        (["sites", "-s", "NETPATROL_MAX_PAGES=abc"], {}, "设置 NETPATROL_MAX_PAGES 应为不小于 0 的整数，现为 'abc'"),
        (["sites", "-s", "NETPATROL_MAX_PAGES=-5"], {}, "设置 NETPATROL_MAX_PAGES 应为不小于 0 的整数，现为 '-5'"),
        (["sites", "-s", "DOWNLOAD_DELAY=abc"], {}, "设置 DOWNLOAD_DELAY 应为不小于 0 的数，现为 'abc'"),
        (["sites"], {"NETPATROL_MAX_PAGES": "abc"}, "环境变量 NETPATROL_MAX_PAGES 应为数字，现为 'abc'"),
        (["sites"], {"NETPATROL_REGION": "nonsense"}, "NETPATROL_REGION 应为区划代码前缀（如 4205），现为 'nonsense'"),
        (["sites"], {"NETPATROL_PACKS": "/nowhere"}, "/nowhere 规则目录不存在"),
        (["sites", "-a", "seeds=/nowhere.txt"], {}, "种子文件打不开：/nowhere.txt（No such file or directory）"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_one_sentence_and_two(tmp_path, words, environment, told):
    done = crawl(*words, NETPATROL_HOME=str(tmp_path), **environment)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == told
    assert not (tmp_path / "db").exists()


def test_doctor_names_a_region_that_is_none(tmp_path):
    environment = {**os.environ, "NETPATROL_REGION": "nonsense", "NETPATROL_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "netpatrol.cli", "doctor"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "现为 'nonsense'" in done.stdout
    assert done.stderr == ""
