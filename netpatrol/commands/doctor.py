"""`netpatrol doctor`: what is installed, missing, misconfigured, and how full the disk is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)
GIB = 1 << 30
LOW_DISK = 5 * GIB


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: `good` True, False (a fault), or None (works, but think of it)."""

    good: bool | None
    what: str
    advice: str = ""


@app.command(epilog="例：netpatrol doctor ｜ netpatrol doctor --no-database")
def doctor(
    database: Annotated[bool, typer.Option(help="也检查数据库（会启动内置 MongoDB）")] = True,
) -> None:
    """体检：环境、配置、规则包、主体库、数据库、浏览器、磁盘。有故障时以 1 结束。"""
    faults = 0
    looks: list[Callable[[], Iterator[Sign]]] = [_python, _settings, _packs, _register, _browser, _disk]
    for look in [*looks, _database] if database else looks:
        for sign in look():
            mark = {True: "✓", False: "✗", None: "！"}[sign.good]
            typer.echo(f"{mark} {sign.what}" + (f"　→ {sign.advice}" if sign.advice else ""))
            faults += sign.good is False
    if faults:
        raise typer.Exit(1)


def _python() -> Iterator[Sign]:
    from netpatrol.settings import BUILD

    yield Sign(True, f"netpatrol {BUILD}，Python {sys.version.split()[0]}")


def _settings() -> Iterator[Sign]:
    from netpatrol import settings
    from netpatrol.errors import NetPatrolError

    if settings.NETPATROL_CONTACT:
        yield Sign(True, f"联系方式：{settings.NETPATROL_CONTACT}")
    else:
        yield Sign(None, "没有联系方式，不能巡查公网", "设置 NETPATROL_CONTACT")
    try:
        region = settings.region()
    except NetPatrolError as error:
        yield Sign(False, str(error))
        return
    if region:
        yield Sign(True, f"辖区：{'、'.join(region)}")
        yield from _unknown_places(region)
    else:
        yield Sign(None, "没有辖区，任何主体都不会判为“辖区外”", "设置 NETPATROL_REGION，如 4205")


def _unknown_places(region: tuple[str, ...]) -> Iterator[Sign]:
    """Yield a warning for prefixes that no division has: with such a region every shop would be outside of it."""
    from netpatrol.entities.divisions import table

    strange = [prefix for prefix in region if not any(code.startswith(prefix[:6]) for code in table())]
    if strange:
        yield Sign(None, f"没有这样的区划代码：{'、'.join(strange)}", "核对 NETPATROL_REGION，否则网店都会判为“辖区外”")


def _packs() -> Iterator[Sign]:
    from netpatrol import settings
    from netpatrol.detect.kept import kept_engine
    from netpatrol.errors import NetPatrolError
    from netpatrol.store import places

    try:
        packs = kept_engine(settings.pack_folders(), places.cache()).packs
    except NetPatrolError as error:
        yield Sign(False, f"规则包有误：{str(error).splitlines()[0]}", "netpatrol rules lint")
        return
    yield Sign(True, f"规则包：{packs.lock[:16]}")
    if packs.replaced:
        names = "、".join(sorted({gone.rule_id for gone in packs.replaced}))
        yield Sign(None, f"另加的规则包替换了同编号的规则，原来的不再执行：{names}", "不是有意替换就请改编号")


def _register() -> Iterator[Sign]:
    from netpatrol.entities.register import Register
    from netpatrol.errors import NetPatrolError
    from netpatrol.store.places import home

    try:
        register = Register.load(home())
    except NetPatrolError as error:
        yield Sign(False, str(error))
        return
    if register is None:
        yield Sign(None, "没有主体库，页面不能与主体比对", "netpatrol register import 文件")
    else:
        yield Sign(True, f"主体库 {register.version}：{len(register)} 个主体")


def _browser() -> Iterator[Sign]:
    from netpatrol import settings
    from netpatrol.browser import find_browser

    configured = settings.NETPATROL_BROWSER
    if path := find_browser(configured):
        yield _started(path)
    elif configured == "off":
        yield Sign(None, "NETPATROL_BROWSER=off：不用浏览器，靠脚本显示的页面只记为“需要渲染”")
    elif configured:
        yield Sign(False, f"NETPATROL_BROWSER 所指的 {configured} 不是可执行的程序", "改成 Chromium 的路径，或不设而自动找")
    else:
        yield Sign(None, "没有浏览器，靠脚本显示的页面只记为“需要渲染”", "apt-get install chromium-headless-shell fonts-noto-cjk")


def _started(path: str) -> Sign:
    """Start the browser once, on nothing."""
    import subprocess

    from netpatrol.browser import launch_options

    command = [path, *launch_options(path, "")["args"], "--headless", "--dump-dom", "about:blank"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=30)  # noqa: S603 - the operator named it
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is not None and b"<html" in done.stdout:
        return Sign(True, f"浏览器：{path}")
    return Sign(False, f"浏览器 {path} 启动不了", "重装它：apt-get install --reinstall chromium-headless-shell")


def _disk() -> Iterator[Sign]:
    from netpatrol.store.places import home

    folder = home()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    if not usage.total:  # /proc and the like
        yield Sign(False, f"磁盘 {folder}：存不了文件", "把 NETPATROL_HOME 设到普通的磁盘上")
        return
    size = _size(home() / "evidence")
    what = f"磁盘 {folder}：剩 {usage.free / GIB:.1f} GiB（{usage.free / usage.total:.0%}），证据占 {size / GIB:.2f} GiB"
    yield Sign(None if usage.free < LOW_DISK else True, what, "磁盘将满，证据写不下时巡查会停" if usage.free < LOW_DISK else "")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0


def _database() -> Iterator[Sign]:
    from netpatrol.errors import StoreError
    from netpatrol.store.mongo import connect
    from netpatrol.store.places import home, spool_folder
    from netpatrol.store.spool import Spool

    try:
        with connect() as store:
            info = store.client.server_info()
            yield Sign(True, f"数据库：MongoDB {info['version']}，库 {store.db.name}")
    except StoreError as error:
        yield Sign(False, f"数据库不可用：{error}")
    waiting = len(Spool(spool_folder(home())).pending())
    if waiting:
        yield Sign(None, f"有 {waiting} 批记录等待补录", "下次巡查开始时自动补录")
