"""`netpatrol db`: the embedded MongoDB, its schema, backup and restore."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from netpatrol.commands.tables import Format, as_json

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="数据库：内置 MongoDB 的启停、结构、备份与恢复。MONGO_URI 可指向别的服务器。"
)
EXTERNAL = "已设置 MONGO_URI，使用外部数据库，此命令只管内置数据库（MONGO_URI is set）"


@app.command(epilog="例：netpatrol db start")
def start() -> None:
    """启动内置数据库；已在运行则什么也不做。"""
    from netpatrol.store import embedded, places

    if places.mongo_uri():
        sys.stdout.write(EXTERNAL + "\n")
        return
    server = embedded.start(places.home())
    sys.stdout.write(f"数据库在运行：127.0.0.1:{server.port}，进程 {server.pid}，MongoDB {server.version}\n")


@app.command(epilog="例：netpatrol db stop")
def stop() -> None:
    """停止内置数据库，等它写完退出。"""
    from netpatrol.store import embedded, places

    ran = embedded.stop(places.home())
    sys.stdout.write("数据库已停止\n" if ran else "数据库没有在运行\n")


@app.command(epilog="例：netpatrol db status --format jsonl")
def status(form: Format = "table") -> None:
    """数据库是否在运行、在哪里、各集合多少条。未运行以 3 结束。"""
    from netpatrol.store import embedded, places
    from netpatrol.store.database import database_errors
    from netpatrol.store.mongo import connect
    from netpatrol.store.schema import FIELDS

    server = None if places.mongo_uri() else embedded.status(places.home())
    if server is None and not places.mongo_uri():
        sys.stdout.write('{"running": false}\n' if form == "jsonl" else "数据库没有在运行（netpatrol db start）\n")
        raise typer.Exit(3)
    with connect(uri=server.uri if server else None, prepare=False) as store, database_errors():
        counts = {name: store.db[name].estimated_document_count() for name in FIELDS}
        version = (store.db["meta"].find_one({"_id": "schema"}) or {}).get("version")
    shown = embedded.describe(server) if server else "MONGO_URI"
    report: dict[str, Any] = {"running": True, "server": shown, "schema": version, "collections": counts}
    if form == "jsonl":
        sys.stdout.write(as_json(report) + "\n")
        return
    where = f"127.0.0.1:{server.port}，进程 {server.pid}，{server.folder}" if server else "MONGO_URI 所指的服务器"
    sys.stdout.write(f"数据库在运行：{where}\n结构版本 {version or '未初始化（netpatrol db init）'}\n")
    sys.stdout.write("".join(f"  {name:14} {count}\n" for name, count in counts.items()))


@app.command(epilog="例：netpatrol db init")
def init() -> None:
    """建立集合、校验规则和索引，升级旧结构；可重复运行。"""
    from netpatrol.store import schema
    from netpatrol.store.mongo import connect

    with connect(prepare=False) as store:
        done = schema.prepare(store) or schema.upgrade(store, schema.VERSION)
    sys.stdout.write("".join(f"{line}\n" for line in done) or "已是最新，没有改动\n")


@app.command(epilog="例：netpatrol db shell")
def shell() -> None:
    """用 mongosh 打开数据库；没有 mongosh 时说明怎样连接。"""
    import os
    import shutil

    from netpatrol.store import embedded, places
    from netpatrol.store.mongo import DATABASE

    program = shutil.which("mongosh")
    if places.mongo_uri():
        reading, where = "process.env.MONGO_URI", '"$MONGO_URI"'
    else:
        embedded.start(places.home())
        file = embedded.uri_file(places.home())
        # Read by the shell itself, so that the password never stands on a command line.
        reading = f"require('fs').readFileSync({json.dumps(str(file))}, 'utf8').trim()"
        where = f'"$(cat {file})"'
    if program:
        sys.stdout.flush()
        opening = f"db = connect({reading}).getSiblingDB('{DATABASE}')"
        os.execv(program, [program, "--nodb", "--shell", "--eval", opening])  # noqa: S606 - becomes the shell
    sys.stdout.write(
        "没有找到 mongosh（no mongosh on PATH）。连接方法：\n"
        f"  mongosh {where}\n"
        "  Compass 等工具：把上面文件里的连接字符串粘贴进去（文件仅本人可读，内含密码）\n"
        f"  数据库名：{DATABASE}\n"
    )


@app.command(epilog="例：netpatrol db backup /backup/netpatrol-20260115")
def backup(folder: Annotated[Path, typer.Argument(help="备份文件夹，须不存在")]) -> None:
    """备份整个数据库：每个集合一个压缩文件，连同条数与摘要。"""
    from datetime import UTC, datetime

    from netpatrol.store.backup import backup as make
    from netpatrol.store.mongo import connect

    with connect() as store:
        counts = make(store, folder, datetime.now(UTC))
    sys.stdout.write(f"已备份 {sum(counts.values())} 条到 {folder}\n固证文件在 NETPATROL_HOME/evidence，请另行复制。\n")


@app.command(epilog="例：netpatrol db restore /backup/netpatrol-20260115")
def restore(
    folder: Annotated[Path, typer.Argument(help="备份文件夹")],
    force: Annotated[bool, typer.Option("--force", help="数据库不空也覆盖")] = False,
) -> None:
    """恢复备份。先整个校验，再一次换上；数据库不空时拒绝，除非 --force。"""
    from datetime import UTC, datetime

    from netpatrol.store.backup import restore as bring_back
    from netpatrol.store.mongo import connect

    with connect(prepare=False) as store:
        counts = bring_back(store, folder, datetime.now(UTC), force=force)
    sys.stdout.write(f"已恢复 {sum(counts.values())} 条\n")
