"""Scrapy settings, and every setting of netpatrol's own; docs/settings.md documents them and a test holds it whole.

Read top to bottom: ITEM_PIPELINES is the table of contents of a patrol. Every `NETPATROL_X` is read from the
environment and can be given with `-s NETPATROL_X=…`. The environment is read here and nowhere else.
"""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from netpatrol import streams
from netpatrol.errors import NetPatrolError
from netpatrol.options import Options, check_one_line
from netpatrol.text.addresses import check_entries

try:
    BUILD = version("netpatrol")
except PackageNotFoundError:
    BUILD = "0.1.0"

# Scrapy's cookie middleware would otherwise try to download the public suffix list.
os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")

def as_list(text: str) -> tuple[str, ...]:
    """Return the parts of a comma- or space-separated setting."""
    return tuple(part for part in text.replace(",", " ").replace("，", " ").split() if part)


# -- netpatrol: the table of its settings; docs/settings.md is made from it ---------------------------

options = _given = Options(os.environ)

NETPATROL_HOME = _given.text("NETPATROL_HOME", "数据目录：内置数据库、证据、主体库快照、暂存区", shown="`~/.local/share/netpatrol`")
NETPATROL_REGION = _given.text("NETPATROL_REGION", "辖区：区划代码前缀，可多个，如 `4205` 或 `420502 420503`。空则不判“辖区外”")
NETPATROL_CONTACT = _given.text("NETPATROL_CONTACT", "写进 User-Agent 的单位与联系方式；不设不能巡查公网", check=check_one_line)
NETPATROL_PACKS = _given.text("NETPATROL_PACKS", "另加的规则包目录，可多个；后面的覆盖前面的同名规则包")
NETPATROL_MARK_HOSTS = _given.text("NETPATROL_MARK_HOSTS", "另外哪些主机保存电子标识备案（国家和省级的已内置）；巡查时向它们查询标识是否有效")
NETPATROL_ALLOWED_INTERNAL = _given.text("NETPATROL_ALLOWED_INTERNAL", "允许访问的内网主机、地址、网段（如 `10.1.0.0/16`）；其余内网地址一律不访问", check=lambda given: check_entries(as_list(given)))
NETPATROL_MAX_DEPTH = _given.whole("NETPATROL_MAX_DEPTH", 12, 0, 1000, "每个网店最多跟几层链接")
NETPATROL_MAX_PAGES = _given.whole("NETPATROL_MAX_PAGES", 500, 1, 1_000_000, "每个网店每次最多看几页")
NETPATROL_MAX_SECONDS = _given.whole("NETPATROL_MAX_SECONDS", 1800, 1, 604_800, "每个网店每次最多看几秒")
NETPATROL_MAX_BODY = _given.whole("NETPATROL_MAX_BODY", 2_000_000, 1000, 20_000_000, "每页最多读几个字节，超出部分不读，该页记为“过大”")
NETPATROL_MAX_REDIRECTS = _given.whole("NETPATROL_MAX_REDIRECTS", 8, 0, 50, "最多跟几次跳转")
NETPATROL_MAX_CRAWL_DELAY = _given.number("NETPATROL_MAX_CRAWL_DELAY", 30.0, 0, 86_400, "对方 robots.txt 的 Crawl-delay 最多照办到几秒；要求更长的网站每次只看首页（首页转向的，跟到转向后的页），两次请求仍隔这么久")
NETPATROL_BROWSER = _given.text("NETPATROL_BROWSER", "Chromium 程序路径；`off` 不用浏览器，靠脚本显示的页面记为“需要渲染”", shown="空（自动找）")
NETPATROL_RENDER_PER_SITE = _given.whole("NETPATROL_RENDER_PER_SITE", 80, 0, 1_000_000, "每个网店每次最多用浏览器打开几页")
NETPATROL_RENDER_PER_RUN = _given.whole("NETPATROL_RENDER_PER_RUN", 5000, 0, 10_000_000, "每次运行最多用浏览器打开几页")
NETPATROL_RENDER_REQUESTS = _given.whole("NETPATROL_RENDER_REQUESTS", 60, 1, 10_000, "用浏览器打开一页时，页里的脚本、图片、接口等最多请求几次")
NETPATROL_SITES_AT_ONCE = _given.whole("NETPATROL_SITES_AT_ONCE", 24, 1, 1000, "同时巡查几个网店（同一主机同时只有一个）")
NETPATROL_MAX_TARGETS = _given.whole("NETPATROL_MAX_TARGETS", 100_000, 1, 100_000_000, "每次最多巡查几个对象")
NETPATROL_LEASE_SECONDS = _given.whole("NETPATROL_LEASE_SECONDS", 600, 1, 86_400, "租约秒数：进程没了，多久以后别的进程可以接手")
NETPATROL_RECHECK_HOURS = _given.whole("NETPATROL_RECHECK_HOURS", 168, 0, 8760, "一般网店看完后多少小时再看；有未结线索的缩短到七分之三，已不存在的放宽到四倍，最短 12 小时，最长 60 天")
NETPATROL_RANDOM_SHARE = _given.number("NETPATROL_RANDOM_SHARE", 0.05, 0, 1, "没有问题的网店里，随机抽多大比例提前再看（双随机）")
NETPATROL_RANDOM_SEED = _given.whole("NETPATROL_RANDOM_SEED", 0, 0, 2**63 - 1, "抽取的随机种子：同一种子、同一天抽到的相同，可复核")
NETPATROL_MIN_CHECKED = _given.whole("NETPATROL_MIN_CHECKED", 0, 0, 100_000_000, "每次至少应核查几页；低于它，运行以 1 结束")
NETPATROL_MIN_SHARE = _given.number("NETPATROL_MIN_SHARE", 0.1, 0, 1, "轮到的对象（十个以上时）至少应核查几成；低于它，运行以 1 结束；0 不管")
NETPATROL_MIN_AGAINST_LAST = _given.number("NETPATROL_MIN_AGAINST_LAST", 0.5, 0, 1, "计划页面的核查比例至少应达同一爬虫最近几次（中位数）的几成；低于它，运行以 1 结束；0 不管")
NETPATROL_STALL_SECONDS = _given.number("NETPATROL_STALL_SECONDS", 900.0, 0, 86_400, "多少秒没有一页看完就判为停滞，结束运行（以 1 结束，已看的都已保存）；0 不管")
NETPATROL_SEARCH = _given.text("NETPATROL_SEARCH", "`discover -a keywords=… -a regions=…` 向哪里搜索：`种类:网址`，如 `json:https://so.example/api?q={words}&page={page}`；种类 `html` 或 `json`")
NETPATROL_SEARCH_PAGES = _given.whole("NETPATROL_SEARCH_PAGES", 3, 1, 100, "每个搜索词最多看几页结果")
NETPATROL_PROGRESS = _given.flag("NETPATROL_PROGRESS", True, "在终端里显示进度")
MONGO_URI = _given.text("MONGO_URI", "正式部署时的 MongoDB 地址；设了它，处处用它", shown="空（内置 MongoDB）")

if faults := [*options.faults, *options.mistyped(os.environ)]:
    streams.prepare()
    streams.tell("\n".join(faults))  # Scrapy would show a traceback
    raise SystemExit(2)

# -- the crawl ---------------------------------------------------------------------------------------

BOT_NAME = "netpatrol"
SPIDER_MODULES = ["netpatrol.spiders"]
NEWSPIDER_MODULE = "netpatrol.spiders"
COMMANDS_MODULE = "netpatrol.scrapy_commands"

def agent_of(contact: str) -> str:
    """Return the User-Agent with whom a site's owner may ask."""
    return f"netpatrol/{BUILD} (market regulation patrol; {contact or 'no contact set'})"

USER_AGENT = agent_of(NETPATROL_CONTACT)
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

SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops without a word; see LONGEST_URL in _site.py
}
DOWNLOADER_MIDDLEWARES = {
    "netpatrol.middlewares.AddressGuard": 10,
    "netpatrol.middlewares.BodyLimit": 20,
    "netpatrol.middlewares.RobotsPolicy": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "netpatrol.patience.PatientRetry": 550,
    "netpatrol.wholeness.WholeBody": 595,  # before Scrapy's own (590) decompresses
    "netpatrol.middlewares.CookieLimit": 710,  # after Scrapy's own, which writes the header
}
EXTENSIONS = {
    "netpatrol.extensions.LedgerReport": 500,
    "netpatrol.extensions.Watchdog": 505,
    "netpatrol.extensions.Progress": 510,
    "netpatrol.pace.Pace": 520,
    "netpatrol.memory.Memory": 530,
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


def pack_folders(configured: str | None = None) -> tuple[Path, ...]:
    """Return the folders of rule packs: the built-in ones, then those of NETPATROL_PACKS, which override them."""
    return (Path(__file__).parent / "rules", *map(Path, as_list(NETPATROL_PACKS if configured is None else configured)))


def region(configured: str | None = None) -> tuple[str, ...]:
    """Return NETPATROL_REGION as division-code prefixes."""
    prefixes = as_list(NETPATROL_REGION if configured is None else configured)
    for prefix in prefixes:
        if not prefix.isdigit() or len(prefix) > 12:
            raise NetPatrolError(f"NETPATROL_REGION 应为区划代码前缀（如 4205），现为 {prefix!r}")
    return prefixes
