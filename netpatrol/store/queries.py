"""The queries that handlers run by name (`leads query NAME`); docs/schema.md shows each as MongoDB shell text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from netpatrol.store.database import Store, database_errors
from netpatrol.times import SHANGHAI

CHECK_DAYS = 15  # 市场监督管理行政处罚程序规定 art 18: working days from finding a clue to deciding on it
FINAL = ("confirm", "dismiss", "transfer", "finish")
UNLICENSED = ("no_match", "revoked", "invalid_code", "mismatch")
Stage = dict[str, Any]

OPEN: Stage = {"$match": {"status": "open"}}
BY_PRIORITY: Stage = {"$sort": {"priority": -1, "last_seen": -1, "_id": 1}}
NEWEST_DECISION: Stage = {
    "$lookup": {
        "from": "decisions",
        "localField": "lead_id",
        "foreignField": "lead_id",
        "pipeline": [{"$sort": {"at": -1}}, {"$limit": 1}],
        "as": "decision",
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a query is asked with."""

    now: datetime
    by: str = ""
    unit: str = ""
    limit: int = 50

    @property
    def today(self) -> datetime:
        """Return when today began here, in UTC."""
        return self.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    def working_days_ago(self, days: int) -> datetime:
        """Return the day that many weekdays back; public holidays are not known here and only add to the term."""
        day = self.today
        while days:
            day -= timedelta(days=1)
            days -= day.astimezone(SHANGHAI).weekday() < 5
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A named query. `table` says that it yields figures, not leads."""

    chinese: str
    english: str
    stages: Callable[[Asked], list[Stage]]
    collection: str = "leads"
    table: bool = False


def _counted(key: Any) -> list[Stage]:
    critical = {"$cond": [{"$gte": ["$priority", 60]}, 1, 0]}
    group = {"_id": key, "leads": {"$sum": 1}, "urgent": {"$sum": critical}, "shops": {"$addToSet": "$shop_id"}}
    return [{"$group": group}, {"$set": {"shops": {"$size": "$shops"}}}, {"$sort": {"leads": -1, "_id": 1}}]


def _worst(severity: str) -> Stage:
    return {"$match": {"findings": {"$elemMatch": {"verdict": "violation", "severity": severity}}}}


_VIOLATIONS = {"$filter": {"input": "$findings", "cond": {"$eq": ["$$this.verdict", "violation"]}}}
FOUND: Stage = {
    "$set": {
        "newest": {"$max": {"$map": {"input": _VIOLATIONS, "in": "$$this.first_seen"}}},
        "broken": {"$map": {"input": _VIOLATIONS, "in": "$$this.rule_id"}},
    }
}


def _times(rules: Any) -> Stage:
    return {"$size": {"$filter": {"input": {"$ifNull": [rules, []]}, "as": "one", "cond": {"$eq": ["$$one", "$$this"]}}}}


_BY_OTHER_RULES: Stage = {
    "$anyElementTrue": [
        {"$map": {"input": {"$setUnion": ["$broken"]}, "in": {"$gt": [_times("$broken"), _times({"$first": "$decision.rules"})]}}}
    ]
}
FOUND_SINCE = {
    "$expr": {
        "$or": [
            {"$gt": ["$newest", {"$first": "$decision.at"}]},
            {"$and": [{"$gt": [{"$size": {"$ifNull": [{"$first": "$decision.rules"}, []]}}, 0]}, _BY_OTHER_RULES]},
        ]
    }
}
"""What was found after the newest decision nobody has decided on: on pages seen later, or by rules that found it later."""


def _decided(*conditions: Mapping[str, Any]) -> list[Stage]:
    return [NEWEST_DECISION, FOUND, {"$match": {"$or": [dict(condition) for condition in conditions]}}]


QUERIES: Mapping[str, Query] = {
    "today": Query(
        chinese="今天新发现的线索",
        english="Leads first seen today",
        stages=lambda asked: [OPEN, {"$match": {"first_seen": {"$gte": asked.today}}}, BY_PRIORITY],
    ),
    "critical": Query(
        chinese="有特别严重疑点的线索",
        english="Open leads with a critical violation",
        stages=lambda asked: [OPEN, _worst("critical"), BY_PRIORITY],
    ),
    "unlicensed": Query(
        chinese="疑似无照、冒用或主体已注销吊销的线索",
        english="Open leads whose operator is not, or no longer, registered, or shows a wrong code",
        stages=lambda asked: [OPEN, {"$match": {"determination": {"$in": list(UNLICENSED)}}}, BY_PRIORITY],
    ),
    "undecided": Query(
        chinese="还没有人研判的线索，以及研判之后又有新疑点的",
        english="Open leads that nobody has decided on, or of which more was found since",
        stages=lambda asked: [OPEN, *_decided({"decision": []}, FOUND_SINCE), BY_PRIORITY],
    ),
    "mine": Query(
        chinese="由我认领、尚未办结的线索（--by 姓名）",
        english="Leads whose newest decision is mine and not final",
        collection="decisions",  # from there: mine are few, all leads are many
        stages=lambda asked: [
            {"$match": {"by": asked.by}},
            {"$group": {"_id": "$lead_id"}},
            {"$lookup": {**NEWEST_DECISION["$lookup"], "localField": "_id"}},
            {"$match": {"decision": {"$elemMatch": {"by": asked.by, "verdict": {"$nin": list(FINAL)}}}}},
            {"$lookup": {"from": "leads", "localField": "_id", "foreignField": "_id", "as": "lead"}},
            {"$unwind": "$lead"},
            {"$replaceWith": {"$mergeObjects": ["$lead", {"decision": "$decision"}]}},
            BY_PRIORITY,
        ],
    ),
    "overdue": Query(
        chinese="发现满 15 个工作日仍未作出核查决定的线索（未计法定节假日）",
        english="Open leads older than 15 working days without a final decision (public holidays not counted)",
        stages=lambda asked: [
            OPEN,
            {"$match": {"first_seen": {"$lt": asked.working_days_ago(CHECK_DAYS)}}},
            *_decided(
                {"decision.verdict": {"$nin": list(FINAL)}},
                {key: {"$lt": asked.working_days_ago(CHECK_DAYS)} for key in ("newest", "decision.at")} | FOUND_SINCE,
            ),
            {"$sort": {"first_seen": 1, "_id": 1}},
        ],
    ),
    "corrected": Query(
        chinese="近 7 天因改正、下架或搬迁而关闭的线索",
        english="Leads closed in the last seven days",
        stages=lambda asked: [
            {"$match": {"status": "closed", "closed_at": {"$gte": asked.today - timedelta(days=7)}}},
            {"$sort": {"closed_at": -1, "_id": 1}},
        ],
    ),
    "repeat-offenders": Query(
        chinese="有两条以上未结线索的主体，或改正后又出现的主体",
        english="Subjects with several open leads, or with leads that came back after they were corrected",
        table=True,
        stages=lambda asked: [
            OPEN,
            {
                "$lookup": {
                    "from": "lead_events",
                    "localField": "lead_id",
                    "foreignField": "lead_id",
                    "pipeline": [{"$match": {"what": "reopened"}}],
                    "as": "returns",
                }
            },
            {
                "$group": {
                    "_id": "$subject",
                    "name": {"$first": "$subject_name"},
                    "leads": {"$sum": 1},
                    "shops": {"$addToSet": "$shop_id"},
                    "returns": {"$sum": {"$size": "$returns"}},
                }
            },
            {"$set": {"shops": {"$size": "$shops"}}},
            {"$match": {"$or": [{"leads": {"$gte": 2}}, {"returns": {"$gte": 1}}]}},
            {"$sort": {"returns": -1, "leads": -1, "_id": 1}},
        ],
    ),
    "by-unit": Query(
        chinese="各管辖单位的未结线索数",
        english="Open leads by unit",
        table=True,
        stages=lambda asked: [OPEN, *_counted("$unit")],
    ),
    "by-family": Query(
        chinese="各类违法表现的未结线索数",
        english="Open leads by rule family",
        table=True,
        stages=lambda asked: [OPEN, *_counted("$family")],
    ),
    "by-determination": Query(
        chinese="各种主体判定的未结线索数",
        english="Open leads by determination",
        table=True,
        stages=lambda asked: [OPEN, *_counted("$determination")],
    ),
    "by-rule": Query(
        chinese="各条规则的疑点数（未结线索内）",
        english="Violations of open leads by rule",
        table=True,
        stages=lambda asked: [
            OPEN,
            {"$unwind": "$findings"},
            {"$match": {"findings.verdict": "violation"}},
            *_counted("$findings.rule_id"),
        ],
    ),
}


def pipeline(query: Query, asked: Asked) -> list[Stage]:
    """Return the aggregation of a query: restricted to a unit if one is given, and cut at the limit."""
    unit: list[Stage] = [{"$match": {"unit": asked.unit}}] if asked.unit else []
    stages = query.stages(asked)
    return [*([*unit, *stages] if query.collection == "leads" else [*stages, *unit]), {"$limit": asked.limit}]


def run(store: Store, query: Query, asked: Asked) -> list[dict[str, Any]]:
    """Run a query; `_id` of figures is what they are grouped by."""
    with database_errors():
        return list(store.db[query.collection].aggregate(pipeline(query, asked)))


def shell_text(query: Query, asked: Asked) -> str:
    """Return the query as it can be pasted into mongosh."""
    stages = ",\n  ".join(_shell(stage) for stage in pipeline(query, asked))
    return f"db.{query.collection}.aggregate([\n  {stages}\n])"


def _shell(value: Any) -> str:
    if isinstance(value, datetime):
        return f'ISODate("{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_shell_key(key)}: {_shell(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shell, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _shell_key(key: str) -> str:
    return key if key.replace("$", "").replace("_", "").isalnum() and not key[0].isdigit() else json.dumps(key)
