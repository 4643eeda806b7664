"""Scrapy settings, and every setting of netpatrol's own; docs/settings.md documents them and a test holds it whole.

Read top to bottom: ITEM_PIPELINES is the table of contents of a patrol. Every `NETPATROL_X` is read from the
environment and can be given with `-s NETPATROL_X=…`. The environment is read here and nowhere else.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from netpatrol.errors import NetPatrolError


def _env(name: str, default: Any) -> Any:
    """Return a setting from the environment, in the type of its default."""
    text = os.environ.get(name)
    if text is None or text == "":
        return default
    if isinstance(default, bool):
        return text.strip().lower() in ("1", "true", "yes", "on")
    try:
        return type(default)(text) if isinstance(default, int | float) else text
    except ValueError as error:
        print(f"环境变量 {name} 应为数字，现为 {text!r}", file=sys.stderr)  # noqa: T201 - Scrapy would show a traceback
        raise SystemExit(2) from error


try:
    BUILD = version("netpatrol")
except PackageNotFoundError:
    BUILD = "0.1.0"

# Scrapy's cookie middleware would otherwise try to download the public suffix list.
os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")

# -- netpatrol ---------------------------------------------------------------------------------------

NETPATROL_HOME = _env("NETPATROL_HOME", "")
NETPATROL_REGION = _env("NETPATROL_REGION", "")
NETPATROL_CONTACT = _env("NETPATROL_CONTACT", "")
NETPATROL_PACKS = _env("NETPATROL_PACKS", "")
NETPATROL_MARK_HOSTS = _env("NETPATROL_MARK_HOSTS", "")
NETPATROL_ALLOWED_INTERNAL = _env("NETPATROL_ALLOWED_INTERNAL", "")
NETPATROL_MAX_DEPTH = _env("NETPATROL_MAX_DEPTH", 12)
NETPATROL_MAX_PAGES = _env("NETPATROL_MAX_PAGES", 500)
NETPATROL_MAX_SECONDS = _env("NETPATROL_MAX_SECONDS", 1800)
NETPATROL_MAX_BODY = _env("NETPATROL_MAX_BODY", 2_000_000)
NETPATROL_MAX_REDIRECTS = _env("NETPATROL_MAX_REDIRECTS", 8)
NETPATROL_MAX_CRAWL_DELAY = _env("NETPATROL_MAX_CRAWL_DELAY", 30.0)
NETPATROL_BROWSER = _env("NETPATROL_BROWSER", "")
NETPATROL_RENDER_PER_SITE = _env("NETPATROL_RENDER_PER_SITE", 80)
NETPATROL_RENDER_PER_RUN = _env("NETPATROL_RENDER_PER_RUN", 5000)
NETPATROL_SITES_AT_ONCE = _env("NETPATROL_SITES_AT_ONCE", 24)
NETPATROL_MAX_TARGETS = _env("NETPATROL_MAX_TARGETS", 100_000)
NETPATROL_LEASE_SECONDS = _env("NETPATROL_LEASE_SECONDS", 600)
NETPATROL_RECHECK_HOURS = _env("NETPATROL_RECHECK_HOURS", 168)
NETPATROL_RANDOM_SHARE = _env("NETPATROL_RANDOM_SHARE", 0.05)
NETPATROL_RANDOM_SEED = _env("NETPATROL_RANDOM_SEED", 0)
NETPATROL_MIN_CHECKED = _env("NETPATROL_MIN_CHECKED", 0)
NETPATROL_MIN_SHARE = _env("NETPATROL_MIN_SHARE", 0.1)
NETPATROL_MIN_AGAINST_LAST = _env("NETPATROL_MIN_AGAINST_LAST", 0.5)
NETPATROL_STALL_SECONDS = _env("NETPATROL_STALL_SECONDS", 900.0)
NETPATROL_SEARCH = _env("NETPATROL_SEARCH", "")
NETPATROL_SEARCH_PAGES = _env("NETPATROL_SEARCH_PAGES", 3)
NETPATROL_PROGRESS = _env("NETPATROL_PROGRESS", True)
MONGO_URI = _env("MONGO_URI", "")

# -- the crawl ---------------------------------------------------------------------------------------

BOT_NAME = "netpatrol"
SPIDER_MODULES = ["netpatrol.spiders"]
NEWSPIDER_MODULE = "netpatrol.spiders"
COMMANDS_MODULE = "netpatrol.scrapy_commands"

USER_AGENT = f"netpatrol/{BUILD} (market regulation patrol; {NETPATROL_CONTACT or 'no contact set'})"
ROBOTSTXT_OBEY = False  # our own middleware obeys RFC 9309; Scrapy's treats 5xx as permission
ROBOTSTXT_USER_AGENT = "netpatrol"

DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # a jitter of 50 % would come closer than half the delay allowed
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 4  # an answer makes one item; Scrapy would start 100 tasks for it (34 -> 31 s of CPU over 1,752 pages)
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_500_000  # bytes of pages that wait to be read (413 -> 355 MB)
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.0  # DOWNLOAD_DELAY is the floor all the same
AUTOTHROTTLE_MAX_DELAY = 30.0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 20_000_000  # bodies are cut at NETPATROL_MAX_BODY; this bounds what is inflated
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_ENABLED = False  # the spider follows redirects itself: it must know whose page it ends on
METAREFRESH_ENABLED = False
COOKIES_ENABLED = True
HTTPERROR_ALLOW_ALL = True  # every answer is accounted for in the ledger
REFERRER_POLICY = "same-origin"
DEPTH_PRIORITY = 0
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "netpatrol.extensions.PatrolLogFormatter"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # each site keeps its own set of seen pages
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TWISTED_DNS_RESOLVER = "netpatrol.middlewares.PublicResolver"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
DOWNLOAD_HANDLERS = {
    "http": "netpatrol.browser.LazyBrowser",
    "https": "netpatrol.browser.LazyBrowser",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 4

SPIDER_MIDDLEWARES = {"scrapy.spidermiddlewares.depth.DepthMiddleware": None}
DOWNLOADER_MIDDLEWARES = {
    "netpatrol.middlewares.AddressGuard": 10,
    "netpatrol.middlewares.BodyLimit": 20,
    "netpatrol.middlewares.RobotsPolicy": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "netpatrol.middlewares.PatientRetry": 550,
}
EXTENSIONS = {
    "netpatrol.extensions.LedgerReport": 500,
    "netpatrol.extensions.Watchdog": 505,
    "netpatrol.extensions.Progress": 510,
    "netpatrol.pace.Pace": 520,
}
ITEM_PIPELINES = {
    "netpatrol.pipelines.admit.Admit": 100,
    "netpatrol.pipelines.preserve.Preserve": 200,
    "netpatrol.pipelines.stages.Read": 300,
    "netpatrol.pipelines.stages.Detect": 400,
    "netpatrol.pipelines.stages.Match": 500,
    "netpatrol.pipelines.store.Store": 600,
}


# -- for commands that are no crawl ------------------------------------------------------------------


def as_list(text: str) -> tuple[str, ...]:
    """Return the parts of a comma- or space-separated setting."""
    return tuple(part for part in text.replace(",", " ").replace("，", " ").split() if part)


def region(configured: str | None = None) -> tuple[str, ...]:
    """Return NETPATROL_REGION as division-code prefixes."""
    prefixes = as_list(NETPATROL_REGION if configured is None else configured)
    for prefix in prefixes:
        if not prefix.isdigit() or len(prefix) > 12:
            raise NetPatrolError(f"NETPATROL_REGION 应为区划代码前缀（如 4205），现为 {prefix!r}")
    return prefixes
