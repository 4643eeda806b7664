"""How urgent a lead is: a number with reasons, or no number at all."""

from __future__ import annotations

from collections.abc import Sequence

from netpatrol.items import Confidence, Determination, LeadFinding, Severity, Verdict

SEVERITY_POINTS = {Severity.CRITICAL: 60, Severity.HIGH: 40, Severity.MEDIUM: 25, Severity.LOW: 10, Severity.INFO: 5}
CONFIDENCE_POINTS = {Confidence.HIGH: 15, Confidence.MEDIUM: 8, Confidence.LOW: 0}
DETERMINATION_POINTS = {
    Determination.REVOKED: (20, "主体已吊销或注销"),
    Determination.MISMATCH: (20, "所示代码与主体不符"),
    Determination.INVALID_CODE: (15, "所示代码无效"),
    Determination.NO_MATCH: (15, "未识别出在册主体"),
}
SEVERITY_NAMES = {
    Severity.CRITICAL: "特别严重", Severity.HIGH: "严重", Severity.MEDIUM: "一般", Severity.LOW: "轻微", Severity.INFO: "提示",
}  # fmt: skip


def priority(findings: Sequence[LeadFinding], determination: Determination) -> tuple[int, tuple[str, ...]]:
    """Return 0..100 and the Chinese reasons; only violations count."""
    violations = [finding for finding in findings if finding.verdict is Verdict.VIOLATION]
    if not violations:
        return 0, ()
    worst = max(violations, key=lambda f: (SEVERITY_POINTS[f.severity], CONFIDENCE_POINTS[f.confidence], f.key))
    points = SEVERITY_POINTS[worst.severity] + CONFIDENCE_POINTS[worst.confidence]
    reasons = [f"最重一处为{SEVERITY_NAMES[worst.severity]}"]
    pages = len({finding.url for finding in violations})
    if pages > 1:
        points += min(10, 2 * pages)
        reasons.append(f"涉及 {pages} 个页面")
    if determination in DETERMINATION_POINTS:
        extra, why = DETERMINATION_POINTS[determination]
        points += extra
        reasons.append(why)
    return min(points, 100), tuple(reasons)
