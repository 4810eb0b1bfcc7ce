"""S3 behind a network that is slow, cuts and refuses: tried again, given up in time, and nothing is torn."""

import os
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from parcook.errors import Unavailable
from parcook.objects import Objects
from tests.s3.operations import OPERATIONS, every_operation
from tests.servers.fault_proxy import GOOD, REFUSED, TOLD_TO_SLOW_DOWN, Fault, FaultProxy
from tests.servers.versitygw import VERSITYGW

MEGABYTE = 1_000_000
SIDES = ("request_bytes", "answer_bytes", "request_bytes", "answer_bytes")
PASSING = {
    "refused": REFUSED,
    "told to slow down": TOLD_TO_SLOW_DOWN,
    "asked half": Fault(request_bytes=100),
    "answered half": Fault(answer_bytes=20),
    "done and not told": Fault(answer_bytes=0),
}
LASTING = {**PASSING, "silent": Fault(silent_s=60), "drop by drop": Fault(bytes_a_second=10)}


@every_operation
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_fails_once_is_tried_again(network: FaultProxy, bucket, operation, fault):
    objects = Objects(bucket)
    objects.put("a/b.json", b"{}")
    network.expect([fault])
    operation(objects)
    assert network.connections == 2


@every_operation
@pytest.mark.parametrize("fault", LASTING.values(), ids=LASTING)
def test_what_goes_on_failing_is_given_up_and_leaves_the_object_whole(
    network: FaultProxy, bucket, operation, fault, impatient
):
    objects = Objects(bucket)
    objects.put("a/b.json", b"{}")
    network.expect([], then=fault)
    with pytest.raises(Unavailable, match="slow"):
        operation(objects)
    assert 1 <= network.connections <= 4
    network.expect([])
    found = objects.get("a/b.json")
    assert operation is OPERATIONS["delete"] or found.body == b"{}"


def test_a_read_that_is_cut_in_the_middle_goes_on_from_there(network: FaultProxy, bucket):
    objects, body = Objects(bucket), os.urandom(3 * MEGABYTE)
    objects.put("big", body)
    network.expect([Fault(answer_bytes=MEGABYTE)])
    assert objects.get("big").body == body
    assert network.connections == 2


def test_a_read_that_goes_on_in_another_version_of_the_object_is_no_read(network: FaultProxy, server, bucket):
    objects, first, second = Objects(bucket), bytes(3 * MEGABYTE), b"2" * (3 * MEGABYTE)
    objects.put("big", first)

    def replaced_meanwhile() -> Iterator[Fault]:
        yield Fault(answer_bytes=MEGABYTE)
        server.client("s3").put_object(Bucket=bucket.removeprefix("s3://"), Key="big", Body=second)
        yield GOOD

    network.expect(replaced_meanwhile())
    with pytest.raises(Unavailable):
        objects.get("big")
    assert objects.get("big").body == second


@pytest.mark.parametrize("server", [VERSITYGW], indirect=True)  # moto takes half a body for a whole one
def test_a_write_that_is_cut_in_the_middle_leaves_the_old_object_and_is_tried_again(network: FaultProxy, bucket):
    objects, first, second = Objects(bucket), bytes(3 * MEGABYTE), b"2" * (3 * MEGABYTE)
    objects.put("big", first)
    network.expect([], then=Fault(request_bytes=MEGABYTE))
    with pytest.raises(Unavailable):
        objects.put("big", second)
    network.expect([])
    assert objects.get("big").body == first
    network.expect([Fault(request_bytes=MEGABYTE)])
    objects.put("big", second)
    assert objects.get("big").body == second


def test_a_listing_of_more_than_a_thousand_objects_is_whole_or_fails(network: FaultProxy, bucket):
    objects = Objects(bucket)
    paths = {f"many/{number:04}.json" for number in range(1_005)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda path: objects.put(path, b"{}"), paths))
    network.expect([GOOD, REFUSED])
    assert {listed.path for listed in objects.list("many")} == paths
    assert network.connections == 3
    network.expect([GOOD], then=REFUSED)
    with pytest.raises(Unavailable):
        objects.list("many")


@pytest.mark.parametrize("server", [VERSITYGW], indirect=True)
def test_on_a_network_that_fails_at_random_readers_see_whole_objects_only(network: FaultProxy, bucket):
    chance = random.Random(7)
    faults = (GOOD, GOOD, *PASSING.values(), *(Fault(**{side: chance.randrange(MEGABYTE)}) for side in SIDES))
    objects = Objects(bucket)
    objects.put("big", bytes(MEGABYTE))
    network.expect(iter(lambda: chance.choice(faults), None))

    def trial(number: int) -> bool:
        try:
            if number % 2:
                objects.put("big", bytes([number % 256]) * MEGABYTE)
                return True
            body = objects.get("big").body
        except Unavailable:
            return False
        assert len(body) == MEGABYTE
        assert body.count(body[0]) == MEGABYTE
        return True

    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(trial, range(100)))
