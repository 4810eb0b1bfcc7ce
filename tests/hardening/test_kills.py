"""A server killed again and again under load: what it acknowledged is there, and nothing is half there."""

import random
import threading
import time

import httpx2
import pytest

from tests.whole.processes import Installation, Server

BULK = 5
FRESH_WITHIN_S = 15.0


class Writer:
    """Edits recipes of its own, one request after the other, and knows how they must be afterwards."""

    def __init__(self, number: int) -> None:
        self.prefix = f"Writer {number}:"
        self.chance = random.Random(number)
        self.count = 0
        self.ids: dict[str, int] = {}
        self.notes: dict[str, str | None] = {}
        self.unanswered: dict[str, str | None] | None = None
        """How the notes are if the request that got no answer has happened."""
        self.refused: list[str] = []

    def work_until_killed(self, server: Server, admin: dict[str, str]) -> None:
        with httpx2.Client(base_url=server.address, headers=admin, timeout=30) as client:
            try:
                while not self.refused:
                    self._edit(client)
            except httpx2.TransportError:
                return

    def check(self, found: dict[str, tuple[int, str | None]]) -> None:
        """`found`, all recipes by name, holds of mine exactly what was acknowledged, or one request more."""
        mine = {name: note for name, (_, note) in found.items() if name.startswith(self.prefix)}
        assert self.refused == []
        assert mine in (self.notes, self.unanswered)
        self.notes, self.unanswered = mine, None
        self.ids = {name: found[name][0] for name in mine}

    def _edit(self, client: httpx2.Client) -> None:
        self.count += 1
        kind = self.chance.choice(["create", "bulk", "patch", "patch", "delete"]) if self.ids else "bulk"
        name = self.chance.choice([*self.ids]) if self.ids else ""
        path, after = f"/api/v1/recipes/{self.ids.get(name)}", dict(self.notes)
        if kind == "create":
            name = f"{self.prefix} {self.count}"
            after[name] = None
            self._send(client, after, "POST", "/api/v1/recipes", {"name": name})
        elif kind == "bulk":
            names = [f"{self.prefix} {self.count}.{n}" for n in range(BULK)]
            after |= dict.fromkeys(names)
            self._send(client, after, "POST", "/api/v1/recipes/bulk", {"recipes": [{"name": name} for name in names]})
        elif kind == "patch":
            after[name] = f"note {self.count}"
            self._send(client, after, "PATCH", path, {"description": after[name]})
        else:
            del after[name], self.ids[name]
            self._send(client, after, "DELETE", path, None)

    def _send(self, client: httpx2.Client, after: dict[str, str | None], method: str, path: str, body: object) -> None:
        self.unanswered = after
        response = client.request(method, path, json=body)
        if not response.is_success:
            self.refused.append(f"{method} {path}: {response.status_code} {response.text}")
            return
        self.notes, self.unanswered = after, None
        if response.status_code == 201:
            told = response.json()
            self.ids |= {item["name"]: item["id"] for item in told.get("created", [told])}


def all_recipes(server: Server) -> dict[str, tuple[int, str | None]]:
    found: dict[str, tuple[int, str | None]] = {}
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        page = server.client.get("/api/v1/recipes", params={"limit": 200} | cursor).json()
        found |= {item["name"]: (item["id"], item["description"]) for item in page["items"]}
        cursor = page["next_cursor"] and {"cursor": page["next_cursor"]}
    return found


def kill_again_and_again(installation: Installation, kills: int) -> None:
    admin = installation.admin()
    writers = [Writer(number) for number in range(4)]
    chance = random.Random(kills)
    for _ in range(kills):
        with installation.serving() as server:
            found = all_recipes(server)
            for writer in writers:
                writer.check(found)
            threads = [threading.Thread(target=writer.work_until_killed, args=(server, admin)) for writer in writers]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.05, 0.8))
            server.process.kill()
            for thread in threads:
                thread.join(30)
    with installation.serving() as server:
        found = all_recipes(server)
        for writer in writers:
            writer.check(found)
        server.until_current(FRESH_WITHIN_S)
    assert found
    assert installation.told("verify")["ok"] is True


def test_three_kills_under_load_lose_nothing_that_was_acknowledged(on_both: Installation) -> None:
    kill_again_and_again(on_both, 3)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_under_load_lose_nothing_that_was_acknowledged(on_both: Installation) -> None:
    kill_again_and_again(on_both, 100)
