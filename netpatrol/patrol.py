"""One run of a patrol: what its spider, pipelines, middlewares and extensions share.

Opens the rule packs, the register, the database and the evidence archive; owns the ledger and the two threads in
which work leaves the event loop: one that writes, one that reads and judges large pages.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from netpatrol import settings as defaults
from netpatrol.core import Desk
from netpatrol.detect.kept import kept_engine
from netpatrol.detect.live import demoted_rules
from netpatrol.detect.model import PackSet
from netpatrol.entities.register import Register
from netpatrol.errors import EvidenceError, NetPatrolError, StoreError
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import RunRecord
from netpatrol.ledger import NOT_PRESERVED, Ledger
from netpatrol.rests import Rests
from netpatrol.store import places
from netpatrol.store.archives import note_archive
from netpatrol.store.clocks import free_the_future
from netpatrol.store.decided import decided_findings
from netpatrol.store.spool import Spool
from netpatrol.store.workers import free_lost_leases, worker_name
from netpatrol.text.addresses import Gate

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from netpatrol.store.database import Store

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

SMALL_PAGE = 200_000
"""Bytes up to which a page does not hold up the event loop; handing one over to a thread and back costs 0.4 ms of CPU."""
MOST_TROUBLES = 100
"""Troubles that the record of a run names one by one: a seed file may have a hundred thousand bad lines."""
MORE_TROUBLES = "还有更多，见运行日志"

NO_FAULT = frozenset({"shutdown", NOT_PRESERVED})
"""Early ends of a run that are no fault of what it was looking at: its targets stay due as they were."""

_PATROLS: WeakKeyDictionary[Crawler, Patrol] = WeakKeyDictionary()


def open_desk(home: Path, *, packs: str = "", region: tuple[str, ...] = (), register: bool = True) -> tuple[Desk, PackSet]:
    """Load packs and, if wanted, the register. Raises PackErrors with every fault, RegisterError for a broken snapshot."""
    engine = kept_engine(defaults.pack_folders(packs), places.cache())
    return Desk(engine=engine, register=Register.load(home) if register else None, region=region), engine.packs


class Patrol:
    """The shared state of one crawl run."""

    def __init__(self, settings: BaseSettings) -> None:
        self.settings = settings
        self.home = Path(settings["NETPATROL_HOME"]).expanduser() if settings["NETPATROL_HOME"] else places.home()
        self.run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        self.worker = worker_name(self.run_id)
        self.started_at = datetime.now(UTC)
        self.ledger = Ledger()
        self.gate = Gate.allowing(defaults.as_list(settings.get("NETPATROL_ALLOWED_INTERNAL") or ""))
        self.robots: Callable[[str, str], str] = lambda url, like: ""
        """Says why the robots.txt that is known of an address (else of that like it) forbids it; see RobotsPolicy."""
        self.exit_code = 0
        self.troubles: list[str] = []
        self.rests = Rests()
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self.store: Store | None = None
        self.store_away = False
        """Whether the database did not answer when it was asked last."""
        self.is_open = self.is_ending = self.is_closed = False
        """Whether the run has been recorded as begun, and as ended."""

    @classmethod
    def of(cls, crawler: Crawler) -> Patrol:
        """Return the patrol of a crawler; the same object for all its components."""
        if crawler not in _PATROLS:
            _PATROLS[crawler] = cls(crawler.settings)
        return _PATROLS[crawler]

    def open(self, spider: str, args: Mapping[str, str]) -> None:
        """Open everything a run needs, in the order in which an operator can mend it. Raises NetPatrolError."""
        from netpatrol.store.mongo import connect
        from netpatrol.store.runs import note_killed, save_run

        self._need_contact()
        region = defaults.region(self.settings.get("NETPATROL_REGION") or "")
        self.desk, packs = open_desk(self.home, packs=self.settings.get("NETPATROL_PACKS") or "", region=region)
        self.pack_lock = packs.lock
        for gone in packs.replaced:
            logger.warning("规则 %s 由规则包 %s 的同编号规则替换，%s 那一条不执行", gone.rule_id, gone.pack, gone.place)
        self.spool = Spool(places.spool_folder(self.home))
        self.store = connect(self.home, self.settings.get("MONGO_URI") or None)
        self.desk.engine.demote(demoted_rules(decided_findings(self.store)))
        freed = free_lost_leases(self.store)
        if freed:
            logger.info("Took back %d targets that a killed worker of this machine had leased", freed)
        ahead = free_the_future(self.store, self.started_at)
        if ahead:
            self.trouble(f"{ahead} 个对象上次巡查的时间晚于现在，已改为到期：那一次（或这一次）机器的时钟不对，请核对", exit_code=0)
        replayed = self.spool.replay(self.store, self.started_at)
        if replayed.records:
            logger.info("Stored %d records that an earlier run had to spool", replayed.records)
        note_killed(self.store, self.started_at)
        if replayed.damaged:
            self.trouble(f"暂存文件损坏，已另存待查：{'、'.join(replayed.damaged)}", exit_code=1)
        self.evidence = EvidenceWriter(
            places.evidence_folder(self.home), self.run_id, tool=f"netpatrol {defaults.BUILD}", pack_lock=self.pack_lock
        )
        note_archive(self.store, self.evidence.archive_id, self.evidence.archive.folder, self.started_at)
        self.record = RunRecord(
            run_id=self.run_id,
            spider=spider,
            started_at=self.started_at,
            worker=self.worker,
            alive_until=datetime.now(UTC) + timedelta(seconds=self.settings.getint("NETPATROL_LEASE_SECONDS")),
            args=dict(args),
            build=defaults.BUILD,
            pack_lock=self.pack_lock,
            register_version=self.desk.register.version if self.desk.register else "",
        )
        save_run(self.store, self.record)
        self.is_open = True

    def _need_contact(self) -> None:
        if not self.settings.get("NETPATROL_CONTACT") and not self.settings.get("NETPATROL_ALLOWED_INTERNAL"):
            raise NetPatrolError(
                "请先设置联系方式再巡查公网（对方站长据此联系你们）：export NETPATROL_CONTACT='单位 电话或邮箱'"
            )

    async def write(self, function: Callable[..., Result], *args: Any) -> Result:
        """Run a function that talks to the database or the archive in the writer thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, function, *args)

    async def ask_store(self, function: Callable[..., Result], *args: Any, **named: Any) -> Result | None:
        """Call a store function in the writer thread; None where the run is ending, or the database is away (it then ends with 3)."""
        if self.is_ending:
            return None
        try:
            answer = await self.write(lambda: function(self.store, *args, **named))
            self.store_away = False
            return answer
        except StoreError as error:
            self.store_away = True
            self.trouble(f"数据库不可用：{error}")
            return None

    async def work(self, size: int, function: Callable[..., Result], *args: Any) -> Result:
        """Read or judge a page of so many bytes: at once if that takes milliseconds, else in the reader thread."""
        if size <= SMALL_PAGE:
            return function(*args)
        return await asyncio.get_running_loop().run_in_executor(self._reading, function, *args)

    def trouble(self, message: str, *, exit_code: int = 3) -> None:
        """Note what makes the run end non-zero; of very many the record keeps the first, the log all."""
        self.exit_code = max(self.exit_code, exit_code)
        if message in self.troubles:
            return
        logger.error("%s", message)
        if len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(message)
        elif len(self.troubles) == MOST_TROUBLES:
            self.troubles.append(MORE_TROUBLES)

    def close_archive(self) -> None:
        """End writing and close the archive; where its last lines cannot be written, the run still ends and says so."""
        self.is_ending = True
        self._writing.shutdown(wait=True)
        self._reading.shutdown(wait=True)
        try:
            self.evidence.close()
        except EvidenceError as error:
            self.trouble(f"固证文件未能写完，下次巡查会接上：{error}")

    def close(self, record: RunRecord) -> None:
        """Store the run's record and close the database; the record last, so that its end is the end."""
        from netpatrol.store.runs import save_run
        from netpatrol.store.targets import give_back

        self.is_closed = True
        if self.store is not None:
            try:
                if record.finish_reason in NO_FAULT:  # any other early end may be a target's own fault, and counts
                    give_back(self.store, self.worker, datetime.now(UTC))
                save_run(self.store, record)
            except StoreError as error:
                self.trouble(f"巡查记录未能存入数据库：{error}")
                self._spool_record(record)
            self.store.close()

    def _spool_record(self, record: RunRecord) -> None:
        try:
            self.spool.put("runs", [record])
        except StoreError as error:
            self.trouble(str(error))
