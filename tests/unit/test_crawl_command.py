"""`scrapy crawl` with what cannot be meant: one sentence and exit code 2, before anything is opened."""

import os
import subprocess
import sys

import pytest
from scrapy.settings import Settings

from netpatrol import settings as ours
from netpatrol.scrapy_commands.crawl import check_settings


def crawl(*words, **environment):
    given = [sys.executable, "-m", "scrapy", "crawl", *words]
    known = {**os.environ, "SCRAPY_SETTINGS_MODULE": "netpatrol.settings", "NETPATROL_CONTACT": "x", "NO_COLOR": "1"}
    return subprocess.run(given, env={**known, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "environment", "told"),
    [
        (["nowhere"], {}, "没有爬虫 'nowhere'，可用：discover、recheck、sites、storefronts"),
        (["sites", "-a", "seed=a.txt"], {}, "爬虫没有参数 seed，可用：seeds、due、follow"),
        (["sites", "-a", "seeds="], {}, "参数 seeds 是空的；要巡查到期的对象，请不写 -a seeds="),
        (["sites", "-s", "USER_AGENT= "], {}, "设置 USER_AGENT 不能是空的：巡查须报上名号"),
        (["sites", "-s", "NETPATROL_MAX_PAGES=abc"], {}, "设置 NETPATROL_MAX_PAGES 应为 1 到 1000000 的整数，现为 'abc'"),
        (["sites", "-s", "NETPATROL_MAX_PAGES=-5"], {}, "设置 NETPATROL_MAX_PAGES 应为 1 到 1000000 的整数，现为 '-5'"),
        (["sites", "-s", "DOWNLOAD_DELAY=abc"], {}, "设置 DOWNLOAD_DELAY 应为不小于 0 的数，现为 'abc'"),
        (["sites"], {"NETPATROL_MAX_PAGES": "abc"}, "环境变量 NETPATROL_MAX_PAGES 应为 1 到 1000000 的整数，现为 'abc'"),
        (["sites"], {"NETPATROL_LEASE_SECONDS": "0"}, "环境变量 NETPATROL_LEASE_SECONDS 应为 1 到 86400 的整数，现为 '0'"),
        (["sites", "-s", "NETPATROL_RECHECK_HOURS=99999999999"], {}, "设置 NETPATROL_RECHECK_HOURS 应为 0 到 8760 的整数，现为 '99999999999'"),
        (["sites", "-s", "NETPATROL_SITES_AT_ONCE=0"], {}, "设置 NETPATROL_SITES_AT_ONCE 应为 1 到 1000 的整数，现为 '0'"),
        (["sites", "-s", "NETPATROL_MIN_SHARE=inf"], {}, "设置 NETPATROL_MIN_SHARE 应为 0 到 1 的数，现为 'inf'"),
        (["sites"], {"NETPATROL_RANDOM_SHARE": "nan"}, "环境变量 NETPATROL_RANDOM_SHARE 应为 0 到 1 的数，现为 'nan'"),
        (["sites", "-s", "NETPATROL_PROGRESS=maybe"], {}, "设置 NETPATROL_PROGRESS 应为 1（是）或 0（否），现为 'maybe'"),
        (["sites", "-s", "NETPATROL_REGON=4205"], {}, "没有设置 NETPATROL_REGON，是不是 NETPATROL_REGION？"),
        (["sites"], {"NETPATROL_REGON": "4205"}, "没有设置 NETPATROL_REGON，是不是 NETPATROL_REGION？"),
        (["sites", "-s", "LOG_LEVEL=FOO"], {}, "设置 LOG_LEVEL 应为 DEBUG、INFO、WARNING、ERROR、CRITICAL 之一，现为 'FOO'"),
        (["sites", "-s", "LOG_FILE=/nowhere/x/log"], {}, "设置 LOG_FILE 所指的日志文件 /nowhere/x/log 写不了：没有这个文件或目录"),
        (["sites", "--logfile", "/tmp"], {}, "设置 LOG_FILE 所指的日志文件 /tmp 写不了：是目录，不是文件"),
        (["sites", "--pidfile", "/nowhere/x/pid"], {}, "无法写入 /nowhere/x/pid：没有这个文件或目录"),
        (["sites", "-s", "JOBDIR=/dev/null/x"], {}, "设置 JOBDIR 所指的文件夹 /dev/null/x 建不了：路径中有一段不是目录"),
        (
            ["sites"],
            {"NETPATROL_ALLOWED_INTERNAL": "10.1.0.0/16 999.1.1.1/99"},
            "环境变量 NETPATROL_ALLOWED_INTERNAL 里的 '999.1.1.1/99' 不是主机名、地址或网段（如 10.1.0.0/16），现为 '10.1.0.0/16 999.1.1.1/99'",
        ),
        (["sites"], {"NETPATROL_REGION": "nonsense"}, "NETPATROL_REGION 应为区划代码前缀（如 4205），现为 'nonsense'"),
        (["sites"], {"NETPATROL_PACKS": "/nowhere"}, "/nowhere 规则目录不存在"),
        (["sites", "-a", "seeds=/nowhere.txt"], {}, "种子文件用不了：/nowhere.txt：没有这个文件或目录（cannot read this list）"),
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
    words = [sys.executable, "-m", "netpatrol.cli", "doctor", "--no-database"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "现为 'nonsense'" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("given", "agent"),
    [
        ({}, "netpatrol/{} (market regulation patrol; no contact set)"),
        ({"NETPATROL_CONTACT": "某局 0717-1"}, "netpatrol/{} (market regulation patrol; 某局 0717-1)"),
        ({"NETPATROL_CONTACT": "某局", "USER_AGENT": "own"}, "own"),
    ],
    ids=["none", "contact", "own"],
)
def test_a_contact_of_the_command_line_stands_in_the_user_agent(given, agent):
    settings = Settings()
    settings.setmodule(ours)
    settings.update(given, priority="cmdline")
    check_settings(settings)
    assert settings["USER_AGENT"] == agent.format(ours.BUILD)
