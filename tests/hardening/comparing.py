"""A catalogue and the model of it, side by side: each call must end as the model foretells, and both hold the same."""

from collections.abc import Callable
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from parcook.catalogue.analytics import AnalyticsQueries, complexity_rows
from parcook.catalogue.etags import item_etag
from parcook.catalogue.order import find_disorder
from parcook.catalogue.paging import Page
from parcook.catalogue.store import Catalogue
from parcook.errors import ParcookError
from tests.hardening.model import KINDS, Model

MOST = 1_000
STALE = '"00000000000000000000"'


def outcome(call: Callable[[], Any]) -> tuple[str | None, ParcookError | None, Any]:
    """(the refusal as the model says it, the fault itself, the answer)."""
    try:
        return None, None, call()
    except ParcookError as fault:
        return f"{fault.status} {fault.code}", fault, None


class Compared(RuleBasedStateMachine):
    """The part of a state machine that looks, whatever its rules do through `_try`."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.queries = AnalyticsQueries(catalogue)
        self.state = catalogue.state()
        self.model = Model()
        self.told: list[tuple[str, Any]] = []
        self.gone: dict[str, set[int]] = {kind: set() for kind in KINDS}

    @invariant()
    def listings_are_those_of_the_model(self) -> None:
        for kind in KINDS:
            assert self._listed(kind, 200) == self._expected(kind)

    @invariant()
    def what_was_answered_is_what_is_held_under_an_id_that_nothing_had_before(self) -> None:
        for kind, record in self.told:
            assert record.model_dump() == self.model.record(kind, record.id)
            assert record.id not in self.gone[kind]
        self.told.clear()

    @invariant()
    def usage_is_what_a_naive_count_finds(self) -> None:
        state, usage = self.queries.measure()
        assert usage.rows == self.model.usage()
        assert usage.total_recipes == len(self.model.recipes)
        assert complexity_rows(usage) == self.model.complexity()
        assert state == self.state

    @invariant()
    def nothing_is_out_of_order(self) -> None:
        paths = {own: self.model.path(own) for own in self.model.ingredients}
        assert find_disorder(self.catalogue.database, paths) == []

    def _try(self, refusal: str | None, call: Callable[[], Any]) -> Any:
        """Make the call, which must end as foretold; a version is made by success, and by nothing else."""
        happened, _, answer = outcome(call)
        assert happened == refusal
        before, after = self.state, self.catalogue.state()
        self.state = after
        assert (after.stamp.version > before.stamp.version) == (refusal is None)
        assert (after == before) == (refusal is not None)
        assert (after.stamp.token == before.stamp.token) == (refusal is not None)
        return answer

    def _try_bulk(self, faults: list[tuple[int, str]], bodies: list[object], create: Callable[..., Any]) -> list[Any]:
        happened, fault, answer = outcome(lambda: create(bodies))
        assert happened == ("422 bulk_invalid" if faults else None)
        assert sorted((error["index"], error["code"]) for error in (fault.errors if fault else ())) == faults
        before, self.state = self.state, self.catalogue.state()
        assert (self.state == before) == bool(faults)
        return answer or []

    def _look(self, refusal: str | None, level: int | None, parent_id: int | None) -> list[dict[str, Any]]:
        happened, _, answer = outcome(lambda: self.queries.get_ingredient_usage_stats(level, parent_id))
        assert happened == refusal
        return answer or []

    def _keep(self, kind: str, record: Any, item: Any) -> None:
        """From now on the model holds `item`, for which `record` was answered; nothing new if nothing was answered."""
        if record:
            getattr(self.model, kind)[record.id] = item
            self.told.append((kind, record))

    def _forget(self, kind: str, own: int) -> None:
        del getattr(self.model, kind)[own]
        self.gone[kind].add(own)

    def _listed(self, kind: str, size: int) -> list[dict[str, Any]]:
        return every(lambda cursor: getattr(self.catalogue, kind).list(cursor, size))

    def _expected(self, kind: str) -> list[dict[str, Any]]:
        records = [self.model.record(kind, own) for own in getattr(self.model, kind)]
        return sorted(records, key=lambda record: (record["name"], record["id"]))

    def _unreachable(self, kind: str, own: int, match: str | None) -> str | None:
        if own not in getattr(self.model, kind):
            return "404 not_found"
        return "412 precondition_failed" if match == "stale" else None

    def _if_match(self, kind: str, own: int, match: str | None) -> str | None:
        """What is sent as `If-Match` for this picture of it."""
        is_there = own in getattr(self.model, kind)
        current = item_etag(getattr(self.catalogue, kind).get(own)) if is_there else STALE
        return {"current": current, "several": f"{STALE} , {current}", "stale": STALE}.get(match or "", match)


def every(fetch: Callable[[str | None], Page[Any]]) -> list[dict[str, Any]]:
    """All records of a list that `fetch` gets page by page, by cursor."""
    page = fetch(None)
    records = page.items
    while page.next_cursor is not None and len(records) <= MOST:
        page = fetch(page.next_cursor)
        records += page.items
    return [item.model_dump() for item in records]
