"""The kinds of settings: what each may be, how it is read from text, and what is said where it cannot be meant.

`settings.py` is the table: one line a setting, with its range and what it is for. The checks of the environment and of
`-s`, and the table in docs/settings.md, come from there.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

Value = bool | int | float | str

_FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
PREFIX = "NETPATROL_"
MOST_OF_A_LINE = 200
NOT_OURS = frozenset({"NETPATROL_TEST_DATA"})
"""Names of the environment that are no settings of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One setting. `low` and `high` bound numbers; `shown` is its default where people read it; `check` raises as `parse` does."""

    name: str
    default: Value
    note: str
    low: float = 0
    high: float = 0
    shown: str = ""
    check: Callable[[str], None] | None = None

    def parse(self, given: object) -> Value:
        """Return a value as it is meant; ValueError, with what it should be, where it cannot be."""
        if isinstance(self.default, str):
            if self.check is not None:
                self.check(str(given))
            return str(given)
        if isinstance(self.default, bool):
            return self._flag(given)
        try:
            value = type(self.default)(str(given))
            if math.isfinite(value) and self.low <= value <= self.high:
                return value
        except ValueError:
            pass
        raise ValueError(f"应为 {self.range} 的{'整' if isinstance(self.default, int) else ''}数")

    def _flag(self, given: object) -> bool:
        try:
            return _FLAGS[str(given).strip().lower()]
        except KeyError as error:
            raise ValueError("应为 1（是）或 0（否）") from error

    @property
    def range(self) -> str:
        """What a value may be, where people read it; "" for text."""
        if isinstance(self.default, str):
            return ""
        return "0 或 1" if isinstance(self.default, bool) else f"{self.low} 到 {self.high}"


def check_one_line(given: str) -> None:
    """Refuse a text that cannot stand in one line of a request; ValueError with what it should be."""
    if len(given) > MOST_OF_A_LINE or not given.isprintable():
        raise ValueError(f"应为一行文字，不超过 {MOST_OF_A_LINE} 个字")


class Options:
    """The settings, read one by one from an environment; what is wrong with any is noted, so that all is told at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.known: dict[str, Option] = {}
        self.faults: list[str] = []

    def whole(self, name: str, default: int, low: int, high: int, note: str) -> int:
        """Read a whole number."""
        return int(self._read(Option(name=name, default=default, low=low, high=high, note=note, shown=str(default))))

    def number(self, name: str, default: float, low: float, high: float, note: str) -> float:
        """Read a number."""
        return float(self._read(Option(name=name, default=default, low=low, high=high, note=note, shown=f"{default:g}")))

    def flag(self, name: str, default: bool, note: str) -> bool:
        """Read a yes or no."""
        return bool(self._read(Option(name=name, default=default, note=note, shown=str(int(default)))))

    def text(self, name: str, note: str, *, shown: str = "空", check: Callable[[str], None] | None = None) -> str:
        """Read a text, "" by default."""
        return str(self._read(Option(name=name, default="", note=note, shown=shown, check=check)))

    def _read(self, option: Option) -> Value:
        self.known[option.name] = option
        text = self._environ.get(option.name) or ""
        try:
            return option.parse(text) if text else option.default
        except ValueError as error:
            self.faults.append(f"环境变量 {option.name} {error}，现为 {text!r}")
            return option.default

    def unknown(self, names: Iterable[str]) -> Iterator[str]:
        """Yield what is wrong with names that look like settings and are none: a mistyped one would silently do nothing."""
        for name, meant in self._strangers(names):
            yield f"没有设置 {name}" + (f"，是不是 {meant}？" if meant else "（全部设置见 docs/settings.md）")

    def mistyped(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the same of names close to a setting; others in an environment may be some other program's."""
        for name, meant in self._strangers(names):
            if meant:
                yield f"没有设置 {name}，是不是 {meant}？"

    def _strangers(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the names that are no setting of ours, each with the one that may have been meant, "" for none."""
        for name in sorted(names):
            if name.startswith(PREFIX) and name not in self.known and name not in NOT_OURS:
                yield name, next(iter(difflib.get_close_matches(name, self.known, 1, 0.8)), "")

    def table(self) -> str:
        """Return the table of docs/settings.md."""
        head = "| 设置 | 默认 | 可取 | 说明 |\n|---|---|---|---|\n"
        return head + "".join(f"| `{o.name}` | {o.shown} | {o.range} | {o.note} |\n" for o in self.known.values())
