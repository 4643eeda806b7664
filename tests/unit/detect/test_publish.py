"""Publishing: only what holds is swapped in, and what was there before stays when it does not."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect.lint import lint
from netpatrol.detect.lock import read_lock, write_lock
from netpatrol.detect.pack import RULES, load_packs
from netpatrol.detect.publish import LOCK, faults_of, publish_in_place, publish_to
from netpatrol.detect.scaffold import new_rule
from netpatrol.errors import NetPatrolError, PackErrors
from tests.unit.detect.test_pack import GOOD, write

ON = date(2026, 6, 30)


def test_a_good_pack_has_no_faults_and_is_swapped_in(tmp_path: Path) -> None:
    source, target = write(tmp_path / "new", GOOD), write(tmp_path / "live", GOOD.replace("宜红茶王", "旧茶王"))
    packs = load_packs(source)
    assert faults_of(packs, target / LOCK, ON) == ()
    publish_to(source, target, packs)
    assert "宜红茶王" in (target / "tea.yml").read_text(encoding="utf-8")
    assert "旧茶王" in (tmp_path / "live.previous" / "tea.yml").read_text(encoding="utf-8")
    assert read_lock(target / LOCK)["tea"] == (1, packs.packs[0].digest)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["live", "live.previous", "new"]


def test_what_a_killed_publisher_left_goes(tmp_path: Path) -> None:
    source = write(tmp_path / "source", GOOD)
    for name, age in ((".live.abcd1234", 7200), (".live.young123", 60), (".other.abcd1234", 7200)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    publish_to(source, tmp_path / "live", load_packs(source))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".live.young123", ".other.abcd1234", "live", "source"]


def test_the_first_packs_have_none_before(tmp_path: Path) -> None:
    source = write(tmp_path / "new", GOOD)
    packs = load_packs(source)
    assert publish_to(source, tmp_path / "deep" / "live", packs) is None
    assert publish_to(source, tmp_path / "deep" / "live", packs) == tmp_path / "deep" / "live.previous"


@pytest.mark.parametrize("folder", ["/", "/tmp/../.."])
def test_a_root_is_no_folder_for_packs(tmp_path: Path, folder: str) -> None:
    source = write(tmp_path / "new", GOOD)
    with pytest.raises(NetPatrolError, match="不能作规则目录"):
        publish_to(source, Path(folder), load_packs(source))


@pytest.mark.parametrize("folder", ["live", "live.previous"])
def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, folder: str) -> None:
    source = write(tmp_path / "new", GOOD)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "report.docx").write_text("x")
    with pytest.raises(NetPatrolError, match=r"report\.docx"):
        publish_to(source, tmp_path / "live", load_packs(source))
    assert (tmp_path / folder / "report.docx").read_text() == "x"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([folder, "new"])


def test_a_folder_without_packs_is_no_layer(tmp_path: Path) -> None:
    with pytest.raises(PackErrors, match="没有规则包"):
        load_packs(RULES, tmp_path)


def test_failed_examples_and_few_examples_forbid_publishing(tmp_path: Path) -> None:
    wrong = GOOD.replace('"宜红茶", "国王"', '"宜红茶王来了"')
    faults = faults_of(load_packs(write(tmp_path, wrong)), tmp_path / LOCK, ON)
    assert any("不该命中" in fault for fault in faults)
    assert any("clean 例句只有 1 条" in fault for fault in faults)


def test_a_changed_pack_needs_a_new_version(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    publish_in_place(folder, load_packs(folder))
    changed = GOOD.replace("宜红茶王", "宜红茶皇")
    packs = load_packs(write(tmp_path, changed))
    assert any("请加 1" in str(c) for c in lint(packs, read_lock(folder / LOCK), ON) if c.grave)
    raised = load_packs(write(tmp_path, changed.replace("version: 1", "version: 2")))
    assert not [c for c in lint(raised, read_lock(folder / LOCK), ON) if c.grave]


def test_an_overdue_review_is_a_warning(tmp_path: Path) -> None:
    packs = load_packs(write(tmp_path, GOOD))
    late = lint(packs, {}, date(2027, 1, 2))
    assert [c.grave for c in late if "到期" in str(c)] == [False]


def test_a_search_that_starts_at_a_common_word_is_warned_of(tmp_path: Path) -> None:
    common = load_packs(write(tmp_path, GOOD.replace("  - any: [宜红茶王]", '  - say: ["的 ~4 是"]')))
    assert [c.grave for c in lint(common, {}, ON) if "常见的词" in str(c)] == [False]
    chosen = load_packs(write(tmp_path, GOOD.replace("  - any: [宜红茶王]", '  - say: ["最* ~4 是", "宜红 ~4 茶"]')))
    assert not [c for c in lint(chosen, {}, ON) if "常见的词" in str(c)]


def test_a_chosen_start_is_no_leave_for_the_commonest_words_nor_for_its_neighbours(tmp_path: Path) -> None:
    for says in ('["的* ~4 是"]', '["最* ~4 是", "的 ~4 是"]'):
        packs = load_packs(write(tmp_path, GOOD.replace("  - any: [宜红茶王]", f"  - say: {says}")))
        assert [c.grave for c in lint(packs, {}, ON) if "常见的词" in str(c)] == [False]


def test_a_missing_lock_is_empty_and_a_written_one_reads_back(tmp_path: Path) -> None:
    assert read_lock(tmp_path / LOCK) == {}
    packs = load_packs(write(tmp_path / "p", GOOD))
    write_lock(packs, tmp_path / LOCK)
    assert read_lock(tmp_path / LOCK) == {"tea": (1, packs.packs[0].digest), "*": (0, packs.lock)}


def test_the_skeleton_of_a_rule_fails_lint_until_it_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "tea.yml"
    assert new_rule(file, "tea.local.emperor", "茶皇", ON) > 1
    packs = load_packs(RULES, tmp_path)
    assert "tea.local.emperor" in [rule.id for _, rule in packs.rules()]
    assert [str(c) for c in lint(packs, read_lock(RULES / LOCK), ON) if c.grave and "tea.local.emperor" in str(c)]
