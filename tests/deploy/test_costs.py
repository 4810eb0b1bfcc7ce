"""Costs: the specification's example is met, more is never cheaper, and the page shows what the script says."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "costs"
PRICES = json.loads((ROOT / "deploy" / "prices.json").read_text())
SHOWN = re.compile(r"<!-- costs: (.+?) -->\n(.*?)\n?<!-- end -->", re.DOTALL)


def costs(*arguments: str) -> str:
    command = [sys.executable, SCRIPT, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def told(*arguments: str) -> dict:
    return json.loads(costs(*arguments, "--json"))


def test_a_thousand_conversations_a_day_cost_what_the_specification_expects():
    month = told("--messages", "8000")
    assert 25 <= month["total"] <= 50
    expected = {"DynamoDB": 5, "S3": 1, "Lambda": 1, "Athena": 5}
    assert all(month["costs"][service] <= most for service, most in expected.items())
    assert month["sizes"]["shards"] == 1


def test_the_total_is_the_sum_of_the_services():
    month = told("--messages", "1000000", "--vpc")
    assert month["total"] == pytest.approx(sum(month["costs"].values()), abs=0.05)
    assert "VPC endpoints" in month["costs"]


def test_more_messages_are_never_cheaper_and_need_no_fewer_shards():
    months = [told("--messages", str(10**power)) for power in range(10)]
    for less, more in pairwise(months):
        assert all(less["costs"][service] <= more["costs"][service] for service in less["costs"])
        assert less["sizes"]["shards"] <= more["sizes"]["shards"]
    assert [month["sizes"]["hourly_job_fits"] for month in months] == sorted(
        (month["sizes"]["hourly_job_fits"] for month in months), reverse=True
    )


def test_a_database_is_paid_for_once():
    assert "EFS" in told("--messages", "10", "--efs")["costs"]
    assert "PostgreSQL" not in told("--messages", "10", "--efs")["costs"]
    assert "EFS" not in told("--messages", "10")["costs"]


def test_prices_say_when_and_where_they_hold_and_each_is_used():
    assert re.fullmatch(r"20\d\d-\d\d", PRICES["as_of"])
    assert PRICES["region"]
    script = SCRIPT.read_text()
    for name, price in PRICES["prices"].items():
        assert price["usd"] > 0
        assert price["per"] >= 1
        assert f'usd["{name}"]' in script


def test_the_page_shows_what_the_script_says():
    shown = SHOWN.findall((ROOT / "docs" / "costs.md").read_text())
    assert [arguments for arguments, _ in shown] == [f"--messages {n}" for n in (8000, 1000000, 100000000)]
    for arguments, text in shown:
        assert text.strip() == costs(*arguments.split()).strip(), f"put the output of scripts/costs {arguments} there"


def test_a_number_that_cannot_be_is_refused():
    ended = subprocess.run([sys.executable, SCRIPT, "--messages", "-1"], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "zero or more" in ended.stderr
