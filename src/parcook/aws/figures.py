"""Figures for alarms, as log lines in CloudWatch's embedded metric format: no call, no permission, no client.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime

from parcook.artifacts.refresh import Freshness
from parcook.jobs.standing import Standing
from parcook.jobs.work import HOUR

NAMESPACE = "parcook"

ARTIFACT_LAG = "ArtifactLagSeconds"
LATE_GAPS = "LateGaps"
PROOF_MISSING = "ProofMissing"
PROOF_AGE = "ProofAgeHours"
STALE = "StaleJobs"
FAILED_CHECKS = "FailedDataChecks"
UNITS = {
    ARTIFACT_LAG: "Seconds",
    LATE_GAPS: "Count",
    PROOF_MISSING: "Count",
    PROOF_AGE: "None",
    STALE: "Count",
    FAILED_CHECKS: "Count",
}


def of_artifacts(freshness: Freshness) -> dict[str, float]:
    """How long the catalogue has been ahead of what is stored; nothing where nobody can say."""
    return {} if freshness.lag_s is None else {ARTIFACT_LAG: freshness.lag_s}


def of_jobs(standing: Standing) -> dict[str, float]:
    """What the jobs lack."""
    figures: dict[str, float] = {
        LATE_GAPS: len(standing.late_gaps),
        PROOF_MISSING: int(standing.proof_is_missing),
        STALE: len(standing.stale),
        FAILED_CHECKS: len(standing.failed_checks),
    }
    if standing.proof_age is not None:
        figures[PROOF_AGE] = standing.proof_age / HOUR
    return figures


def tell(figures: Mapping[str, float], now: datetime) -> None:
    """Write `figures` of this function where CloudWatch reads them; nothing if there are none."""
    if figures:
        sys.stdout.write(_line(figures, now) + "\n")
        sys.stdout.flush()  # the container stands still once the invocation is over


def _line(figures: Mapping[str, float], now: datetime) -> str:
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in figures]
    about = {"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": metrics}
    return json.dumps(
        {
            "_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [about]},
            "FunctionName": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "local"),
            **figures,
        }
    )
