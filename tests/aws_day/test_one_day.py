"""One day on AWS and on the embedded defaults: the same edits and messages, the same answers, to the last number."""

import pytest

from parcook.metrics.library import load_metrics
from tests.aws_day.day import Told
from tests.aws_day.world import MESSAGES

pytestmark = [pytest.mark.aws, pytest.mark.timeout(1800)]  # a minute or two where nothing else runs


def test_edits_are_answered_alike(embedded: Told, on_aws: Told) -> None:
    assert on_aws.edits == embedded.edits
    assert {status for status, _ in on_aws.edits} == {201, 409}


def test_the_refresh_that_lambda_was_asked_for_stores_the_same_artifacts(embedded: Told, on_aws: Told) -> None:
    for name, (status, stored) in on_aws.artifacts.items():
        assert (status, stored["metadata"]["source"]) == (200, "stored")
        assert stored["data"] == embedded.artifacts[name][1]["data"] != []


def test_every_message_is_committed(embedded: Told, on_aws: Told) -> None:
    assert on_aws.accepted == embedded.accepted == MESSAGES


def test_the_numbers_of_every_day_are_the_same(embedded: Told, on_aws: Told) -> None:
    assert on_aws.numbers == embedded.numbers
    assert sum(day["total_messages"] for day in on_aws.numbers.values()) > 0


@pytest.mark.parametrize("name", load_metrics())
def test_trino_over_s3_answers_a_metric_as_duckdb_over_files(embedded: Told, on_aws: Told, name: str) -> None:
    assert on_aws.metrics[name] == embedded.metrics[name]


def test_all_artifacts_beside_the_page_are_the_same(embedded: Told, on_aws: Told) -> None:
    assert on_aws.published == embedded.published
    assert {path.partition("/")[0] for path in on_aws.published} == {"analytics", "insights"}


def test_the_page_in_the_bucket_is_the_page_in_the_folder(embedded: Told, on_aws: Told) -> None:
    assert on_aws.page == embedded.page
    assert "index.html" in on_aws.page


def test_an_erasure_reaches_as_much_and_leaves_as_little(embedded: Told, on_aws: Told) -> None:
    assert on_aws.erasure == embedded.erasure
    assert (on_aws.erasure["status"], on_aws.erasure["verified"]) == ("done", True)
    assert on_aws.erasure["layers"]["events"] > 0
    assert on_aws.held_before == embedded.held_before > 0
    assert on_aws.left_of_erased == embedded.left_of_erased == 0


@pytest.mark.parametrize("name", load_metrics())
def test_after_the_erasure_a_metric_still_answers_the_same(embedded: Told, on_aws: Told, name: str) -> None:
    assert on_aws.metrics_after_erasure[name] == embedded.metrics_after_erasure[name]


def test_a_year_later_as_little_is_left(embedded: Told, on_aws: Told) -> None:
    assert on_aws.retention == embedded.retention
    assert on_aws.retention["holds"] is True
    assert on_aws.retention["oldest event"] is None
