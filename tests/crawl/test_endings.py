"""How runs end that could not do what they were asked: each with its exit code and one sentence, and nothing lost."""

import shlex
import signal
import socket
import subprocess
import time

import pytest
from support import hostile

from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_TIMES=0", "-s", "NETPATROL_BROWSER=off")


@pytest.fixture
def web():
    with hostile.serve() as proxy:
        yield proxy


def seeds(patrol, *lines):
    path = patrol.home.parent / "seeds.txt"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return "-a", f"seeds={path}"


def adds_up(ledger):
    return all(t["planned"] == t["checked"] + t["skipped"] + t["failed"] for t in (ledger["pages"], ledger["targets"]))


def test_a_wrong_seed_is_told_the_others_are_crawled_and_the_run_ends_with_one(patrol, web):
    done = patrol.crawl("sites", *seeds(patrol, "plain.example", "no address", "xss.example"), *FAST, proxy=web, check=False)
    assert done.returncode == 1
    assert "第 2 行：no address" in done.stderr
    assert "Traceback" not in done.stderr
    assert patrol.ledger()["targets"]["checked"] == 2


def test_a_seed_that_lies_inside_is_told(patrol, web):
    done = patrol.crawl("sites", *seeds(patrol, "http://127.0.0.1/", "plain.example", "localhost.localdomain"), *FAST, proxy=web, check=False)
    assert done.returncode == 1
    assert "种子里的网址不是公网地址，不巡查：http://127.0.0.1/" in done.stderr
    assert "种子里的网址不是公网地址，不巡查：http://localhost.localdomain/" in done.stderr
    assert patrol.ledger()["targets"]["planned"] == 1


def test_a_host_that_asked_for_an_hour_is_left_alone_by_the_next_run_too(patrol, web):
    patrol.crawl("sites", *seeds(patrol, "resting.example"), *FAST, proxy=web, check=False)
    assert (hostile.Host.asked["resting.example/"], hostile.Host.asked["resting.example/b"]) == (1, 1)
    patrol.crawl("sites", *seeds(patrol, "resting.example"), "-a", "due=all", *FAST, proxy=web, check=False)
    assert (hostile.Host.asked["resting.example/"], hostile.Host.asked["resting.example/b"]) == (1, 1)
    assert adds_up(patrol.ledger())
    assert "retry_after" in str(patrol.ledger())


def test_a_start_page_that_a_script_leaves_for_nowhere_closes_no_lead(patrol, web):
    patrol.crawl("sites", *seeds(patrol, "built.example", "broken.example"), *FAST, proxy=web)
    hostile.Host.changed = True
    patrol.crawl("sites", "-a", "due=all", *FAST, proxy=web, check=False)
    assert hostile.Host.asked["broken.example/home/"] == 1
    assert hostile.Host.asked["built.example/home/"] == 0
    skipped = patrol.ledger()["pages"]["skipped_by_reason"]
    assert (skipped["jump"], skipped["needs_render"]) == (1, 1)
    with connect(patrol.home, "") as store:
        assert {lead["shop_id"]: lead["status"] for lead in store.db["leads"].find()} == {"built.example": "open", "broken.example": "open"}


def test_a_dead_proxy_is_one_sentence_and_three(patrol):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = patrol.crawl("sites", *seeds(patrol, "plain.example"), *FAST, proxy=f"http://127.0.0.1:{port}", check=False)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith(f"代理 127.0.0.1:{port} 连不上")
    assert "Traceback" not in done.stderr


def test_a_run_without_targets_says_what_to_do(patrol, web):
    done = patrol.crawl("sites", *FAST, proxy=web, check=False)
    assert done.returncode == 1
    assert "没有任何巡查对象" in done.stderr


@pytest.mark.parametrize("to", ["2>/dev/full", ">&- 2>&-", "2>&1 | head -3"])
def test_a_run_that_nobody_hears_ends_as_any_other(patrol, web, to):
    words = shlex.join(patrol.crawl_command("sites", *seeds(patrol, "plain.example", "no address"), *FAST))
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {words} {to}"], env=patrol.environ(web), capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert patrol.ledger()["targets"]["checked"] == 1


def test_a_floor_that_does_not_hold_ends_the_run_with_one(patrol, web):
    done = patrol.crawl("sites", *seeds(patrol, "plain.example"), *FAST, "-s", "NETPATROL_MIN_CHECKED=50", proxy=web, check=False)
    assert done.returncode == 1
    assert "低于下限 50 页" in done.stderr


def test_a_stall_is_ended_with_a_reason_and_what_was_seen_is_kept(patrol, web):
    stalled = ("-s", "NETPATROL_STALL_SECONDS=2", "-s", "DOWNLOAD_TIMEOUT=600")
    done = patrol.crawl("sites", *seeds(patrol, "slow.example", "plain.example"), *FAST, *stalled, proxy=web, check=False, timeout=120)
    assert done.returncode == 1
    assert "判为停滞" in done.stderr
    ledger = patrol.ledger()
    assert adds_up(ledger)
    assert ledger["pages"]["skipped_by_reason"]["interrupted"] >= 1
    assert "plain.example" in {lead["host"] for lead in patrol.leads()}


@pytest.fixture
def heard():
    """Processes that are begun hear of a lost terminal, also where the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGHUP], ids=["int", "hup"])
def test_an_interrupted_run_says_that_it_is_incomplete(patrol, web, told):
    command = patrol.crawl_command("sites", *seeds(patrol, "slow.example", "plain.example"), *FAST, "-s", "DOWNLOAD_TIMEOUT=8")
    with subprocess.Popen(command, env=patrol.environ(web), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        hostile.until_asked("slow.example/s", process)
        process.send_signal(told)
        said = process.communicate(timeout=120)[1]
    assert process.returncode == 130
    assert "巡查被人为中断" in said
    assert "Traceback" not in said
    assert adds_up(patrol.ledger())
    with connect(patrol.home, "") as store:
        assert store.db["targets"].count_documents({"$or": [{"status": "leased"}, {"attempts": {"$gt": 0}}]}) == 0


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_a_run_told_twice_to_stop_ends_at_once_is_recorded_and_gives_back_what_it_had(patrol, web, told):
    command = patrol.crawl_command("sites", *seeds(patrol, "slow.example", "plain.example"), *FAST, "-s", "DOWNLOAD_TIMEOUT=600")
    with subprocess.Popen(command, env=patrol.environ(web), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        hostile.until_asked("slow.example/s", process)
        process.send_signal(told)
        time.sleep(0.02)  # two signals at once may arrive as one
        process.send_signal(told)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "巡查被人为中断" in said
    assert "Traceback" not in said
    ledger = patrol.ledger()
    assert adds_up(ledger)
    assert ledger["exit_code"] == 130
    with connect(patrol.home, "") as store:
        assert store.db["targets"].count_documents({"status": "leased"}) == 0


def test_a_run_that_was_killed_is_told_as_broken_off(patrol, web):
    command = patrol.crawl_command("sites", *seeds(patrol, "slow.example"), *FAST, "-s", "DOWNLOAD_TIMEOUT=600")
    with subprocess.Popen(command, env=patrol.environ(web), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        hostile.until_asked("slow.example/s", process)
        running = patrol.command("runs", "list").stdout
        process.kill()
    assert "进行中" in running
    assert "中断" in patrol.command("runs", "list").stdout
    assert "其中没有正常结束的 1 次" in patrol.command("runs", "coverage").stdout


def test_a_run_that_cannot_keep_evidence_ends_and_leaves_its_targets_due(patrol, web):
    """A limit on the size of files stands for a full disk: some pages of the first sites fit."""
    patrol.command("db", "start")
    hosts = ["plain.example", "xss.example", "keys.example", "deep.example"]
    command = patrol.crawl_command("sites", *seeds(patrol, *hosts), *FAST)
    limited = ["prlimit", "--fsize=3000", *command]
    done = subprocess.run(limited, env=patrol.environ(web), capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 3, done.stderr
    assert "证据写不下，巡查提前结束" in done.stderr
    assert "Traceback" not in done.stderr
    ledger = patrol.ledger()
    assert adds_up(ledger)
    assert ledger["pages"]["failed_by_reason"]["not_preserved"] >= 1
    with connect(patrol.home, "") as store:
        undone = [target for target in store.db["targets"].find() if not target.get("last_done_at")]
        assert store.db["shops"].count_documents({"state": "unreachable"}) == 0
    ended = ledger["targets"]["skipped_by_reason"].get("interrupted", 0), ledger["targets"]["failed_by_reason"].get("not_preserved", 0)
    assert 1 <= len(undone) <= sum(ended)  # one that is given back in the very moment in which the run ends is told as undone
    assert all((target["status"], target["attempts"]) == ("due", 0) for target in undone)
    assert patrol.command("evidence", "verify").returncode == 0
    patrol.crawl("sites", *FAST, proxy=web)
    assert patrol.ledger()["targets"]["planned"] == len(undone)
    assert patrol.ledger()["targets"]["failed"] == 0
