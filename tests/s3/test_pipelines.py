"""Artifacts, a page and a lake, written into S3 over a bad network: cut anywhere they are whole, tried again done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from parcook.artifacts.storage import AnalyticsStorage
from parcook.catalogue.store import Catalogue
from parcook.dashboard.publish import publish
from parcook.errors import Unavailable
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from parcook.lake.tables import TABLES
from parcook.objects import Objects
from tests.artifacts.test_storage import put_generation
from tests.artifacts.wholeness import check_settled, check_whole
from tests.dashboard.golden import golden_site
from tests.dashboard.test_publish import check_whole as check_whole_page
from tests.lake.making import make_lake, numbers_of, rows_of, stock
from tests.lake.worlds import make_day
from tests.servers.fault_proxy import GOOD, REFUSED, Fault, FaultProxy

FIRST, DAYS = date(2025, 1, 19), 2  # a week ends within
LOST = Fault(answer_bytes=0)
pytestmark = pytest.mark.usefixtures("quick_to_retry")


def cut_short(network: FaultProxy, doing: Callable[[], object], step: int) -> Iterator[int]:
    """Do it over and over, the network going dark after ever more requests, until it is done; yields after each cut.

    Every other time the last that gets through is done and not told of.
    """
    for number in count(0, step):
        network.expect([GOOD] * number + [LOST] * (number % 2), then=REFUSED)
        try:
            doing()
        except Unavailable:
            network.expect([])
            yield number
        else:
            network.expect([])
            return


def test_artifacts_are_whole_wherever_the_network_goes_dark(network, bucket):
    storage = AnalyticsStorage(bucket)
    manifest = put_generation(storage, 1)
    cuts = 0
    for _ in cut_short(network, lambda: put_generation(storage, 2, previous=manifest), step=1):
        check_whole(storage)
        cuts += 1
    check_settled(storage)
    assert cuts > 5


def test_a_page_is_whole_wherever_the_network_goes_dark(network, bucket, tmp_path):
    golden_site(tmp_path / "source")
    source, target = Objects(f"file://{tmp_path / 'source'}"), Objects(bucket)
    cuts = 0
    for number in cut_short(network, lambda: publish(source, target, "internal"), step=11):
        check_whole_page(copied(target, tmp_path / str(number)))
        cuts += 1
    assert cuts > 3
    assert publish(source, target, "internal").written == []
    publish(source, Objects(f"file://{tmp_path / 'site'}"), "internal")
    assert contents(target) == contents(Objects(f"file://{tmp_path / 'site'}"))


def copied(objects: Objects, folder: Path) -> Path:
    folder.mkdir()
    for path, body in contents(objects).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


def contents(objects: Objects) -> Mapping[str, bytes]:
    return {listed.path: objects.get(listed.path).body for listed in objects.list("")}


@pytest.fixture
def worlds(network, bucket, server, tmp_path) -> Iterator[tuple[Lake, Lake]]:
    """The same days in a lake in a folder and in one in S3, neither exported yet."""
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    catalogues: list[Catalogue] = [stock(tmp_path / "here"), stock(tmp_path / "there")]
    lakes = [make_lake(tmp_path / "here", catalogues[0]), make_lake(tmp_path / "there", catalogues[1])]
    lakes[1] = replace(lakes[1], objects=Objects(bucket), private=Objects(server.new_bucket()))
    for lake in lakes:
        for number in range(DAYS):
            lake.store.append(make_day(FIRST + timedelta(days=number), ZoneInfo("UTC"), seed=7, people=6, talks=8))
    yield lakes[0], lakes[1]
    for lake in lakes:
        lake.store.close()
    for catalogue in catalogues:
        catalogue.close()


def test_a_lake_in_s3_ends_as_one_in_a_folder_wherever_the_network_goes_dark(network, worlds):
    here, there = worlds
    now = datetime(2025, 1, 21, 3, tzinfo=UTC)
    run_round(here, now)
    cuts = sum(1 for _ in cut_short(network, lambda: run_round(there, now), step=41))
    assert cuts > 1
    for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
        assert numbers_of(there, day) == numbers_of(here, day)
        for table in TABLES:
            assert len(rows_of(there, table, day)) == len(rows_of(here, table, day))


def run_round(lake: Lake, now: datetime) -> None:
    with Rounds(lake) as rounds:
        rounds.run(now)
