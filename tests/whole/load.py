"""Writers and readers at once on a running server, each keeping a record of what it was told."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

RECIPES = "/api/v1/recipes"
INGREDIENTS = "/api/v1/ingredients"
READ = [
    "/api/v1/analytics/ingredient-usage",
    "/api/v1/analytics/ingredient-usage?level=1",
    "/api/v1/analytics/ingredient-tree",
    "/api/v1/analytics/recipe-complexity",
    "/analytics/v1/manifest.json",
    f"{RECIPES}?limit=20",
    f"{INGREDIENTS}?limit=20",
    "/metrics",
]


@dataclass
class Record:
    """What all of them were told; each writes to the part that is its own."""

    kept: dict[int, dict[str, Any]] = field(default_factory=dict)  # acknowledged recipes by id
    deleted: set[int] = field(default_factory=set)
    counted: list[int] = field(default_factory=list)  # acknowledged increments of the contended recipe
    versions: list[list[int]] = field(default_factory=list)  # as each reader saw them
    requests: list[int] = field(default_factory=list)  # by worker
    faults: list[str] = field(default_factory=list)


class Load:
    """The work on one server until `seconds` are over."""

    def __init__(self, address: str, headers: dict[str, str], seconds: float) -> None:
        self.record = Record()
        self._address = address
        self._headers = headers
        self._seconds = seconds
        self._until = 0.0
        self._contended = 0

    def run(self, writers: int, readers: int) -> Record:
        """All of them at once; returns what they were told."""
        with self._client() as client:
            self._contended = self._sent(client, "POST", RECIPES, json={"name": "Contended", "source": "0"})["id"]
            for name in ("Gin", "Rum", "Lime"):
                self._sent(client, "POST", INGREDIENTS, json={"name": name})
        self._until = time.monotonic() + self._seconds
        works = [self._write] * writers + [self._read] * readers
        threads = [threading.Thread(target=self._work, args=(work, number)) for number, work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.record

    def contended(self, client: httpx2.Client) -> int:
        """What the contended recipe says now."""
        return int(client.get(f"{RECIPES}/{self._contended}").json()["source"])

    def stored(self, client: httpx2.Client, recipe_id: int) -> dict[str, Any] | None:
        """The recipe as it is now; None if it is gone."""
        response = client.get(f"{RECIPES}/{recipe_id}")
        return response.json() if response.status_code == 200 else None

    def _client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self._address, headers=self._headers, timeout=60)

    def _sent(self, client: httpx2.Client, method: str, path: str, **body: Any) -> dict[str, Any]:
        response = client.request(method, path, **body)
        if response.status_code not in (200, 201):
            raise RuntimeError(f"{method} {path}: {response.status_code} {response.text[:500]}")
        return response.json()

    def _work(self, work: Callable[[httpx2.Client, int], int], number: int) -> None:
        try:
            with self._client() as client:
                self.record.requests.append(work(client, number))
        except Exception as error:  # told in the test's own thread
            self.record.faults.append(f"{work.__name__} {number}: {error!r}")

    def _write(self, client: httpx2.Client, number: int) -> int:
        chance, done, own = random.Random(number), 0, []
        while time.monotonic() < self._until:
            done += 1
            turn = chance.random()
            if turn < 0.4 or not own:
                body = {"name": f"Recipe {number}-{done}", "ingredients": [{"ingredient_id": chance.randint(1, 3)}]}
                made = self._sent(client, "POST", RECIPES, json=body)
                self.record.kept[made["id"]] = made
                own.append(made["id"])
            elif turn < 0.7:
                recipe_id = chance.choice(own)
                changes = {"category": f"by {number} at {done}"}
                self.record.kept[recipe_id] = self._sent(client, "PATCH", f"{RECIPES}/{recipe_id}", json=changes)
            elif turn < 0.8:
                recipe_id = own.pop(chance.randrange(len(own)))
                response = client.delete(f"{RECIPES}/{recipe_id}")
                if response.status_code != 204:
                    raise RuntimeError(f"DELETE: {response.status_code} {response.text[:500]}")
                del self.record.kept[recipe_id]
                self.record.deleted.add(recipe_id)
            else:
                self._count_up(client)
        return done

    def _count_up(self, client: httpx2.Client) -> None:
        """Add one to the contended recipe, again from what it says whenever somebody else was faster."""
        address = f"{RECIPES}/{self._contended}"
        while True:
            read = client.get(address)
            number = int(read.json()["source"]) + 1
            edited = client.patch(address, json={"source": str(number)}, headers={"If-Match": read.headers["etag"]})
            if edited.status_code == 200:
                self.record.counted.append(number)
                return
            if edited.status_code != 412:
                raise RuntimeError(f"PATCH: {edited.status_code} {edited.text[:500]}")

    def _read(self, client: httpx2.Client, number: int) -> int:
        chance, done, versions = random.Random(number), 0, []
        while time.monotonic() < self._until:
            done += 1
            path = chance.choice(READ)
            response = client.get(path)
            if response.status_code not in (200, 404):  # the manifest is not there at first
                raise RuntimeError(f"GET {path}: {response.status_code} {response.text[:500]}")
            ready = client.get("/readyz")
            if ready.status_code != 200:
                raise RuntimeError(f"GET /readyz: {ready.status_code} {ready.text[:500]}")
            versions.append(ready.json()["artifacts"]["catalogue_version"])
        self.record.versions.append(versions)
        return done
