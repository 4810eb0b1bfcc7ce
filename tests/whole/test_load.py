"""Many at once: no answer fails, no acknowledged edit is lost, and what is stored at the end is right."""

import pytest

from tests.whole.load import Load

WRITERS = READERS = 8


@pytest.mark.parametrize("seconds", [5, pytest.param(30, marks=pytest.mark.soak)])
def test_nothing_is_lost_while_many_write_and_read(on_both, seconds):
    with on_both.serving() as server:
        load = Load(server.address, on_both.admin(), seconds)
        record = load.run(WRITERS, READERS)
        assert record.faults == []
        assert len(record.requests) == WRITERS + READERS
        assert min(record.requests) > 0

        # Nobody wrote over somebody else's count, and the numbers were given out once each.
        assert sorted(record.counted) == list(range(1, len(record.counted) + 1))
        assert load.contended(server.client) == len(record.counted) > 0

        lost = {
            recipe_id for recipe_id, recipe in record.kept.items() if load.stored(server.client, recipe_id) != recipe
        }
        assert lost == set()
        assert [recipe_id for recipe_id in record.deleted if load.stored(server.client, recipe_id)] == []

        assert all(seen == sorted(seen) for seen in record.versions)
        assert all(seen[-1] > seen[0] for seen in record.versions)
        server.until_current(15)
        expected = len(record.kept)
        rows = server.client.get("/api/v1/analytics/ingredient-usage?level=0").json()["data"]
        assert sum(row["direct_usage"] for row in rows) == expected
        failed = [line for line in server.lines if '"status": 5' in line or '"level": "error"' in line]
        assert failed == []
    assert on_both.told("verify") == {"ok": True, "faults": []}
