"""Reporting events to a whole server, or from a file: what is answered is kept, whatever happens to the process."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from parcook.access import Role
from parcook.events.contract import Event
from parcook.events.opening import open_events
from parcook.settings import Settings
from tests.conftest import make_token
from tests.whole.processes import Installation, Server

COOKDIAL = Path(__file__).parents[3] / "shared" / "data" / "conversations" / "cookdial.jsonl"
SENDERS = 4


def ingest(installation: Installation) -> dict[str, str]:
    settings = Settings(home=installation.folder / "home")
    return {"Authorization": f"Bearer {make_token(settings, Role.INGEST)}"}


def stored(installation: Installation) -> list[Event]:
    store = open_events(f"sqlite:///{installation.folder / 'home' / 'events.db'}")
    try:
        now = datetime.now(UTC)
        return [event for offset in range(-91, 2) for event in store.day((now + timedelta(days=offset)).date(), now)]
    finally:
        store.close()


class Sender:
    """Sends batches one after the other, each again until it is answered, and knows what was answered."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.count = 0
        self.pending: list[dict[str, Any]] | None = None
        self.acknowledged: list[str] = []

    def send_until_killed(self, server: Server, headers: dict[str, str]) -> None:
        with httpx2.Client(base_url=server.address, headers=headers, timeout=30) as client:
            try:
                while True:
                    self._send(client)
            except httpx2.TransportError:
                return

    def _send(self, client: httpx2.Client) -> None:
        if self.pending is None:
            self.pending = [self._event() for _ in range(20)]
        response = client.post("/api/v1/batch", json={"events": self.pending})
        assert response.status_code == 202, response.text
        assert {result["status"] for result in response.json()["results"]} <= {"accepted", "duplicate"}
        self.acknowledged += [event["text"] for event in self.pending]
        self.pending = None

    def _event(self) -> dict[str, Any]:
        self.count += 1
        return {
            "message_id": f"m-{self.count}",
            "conversation_id": f"sender {self.number}",
            "role": "user",
            "text": f"{'abcd'[self.number]} says {self.count}",
        }


def kill_while_events_come_in(installation: Installation, kills: int) -> None:
    headers = ingest(installation)
    senders = [Sender(number) for number in range(SENDERS)]
    chance = random.Random(kills)
    for _ in range(kills):
        with installation.serving() as server:
            threads = [threading.Thread(target=sender.send_until_killed, args=(server, headers)) for sender in senders]
            for thread in threads:
                thread.start()
            time.sleep(chance.uniform(0.02, 0.5))
            server.process.kill()
            for thread in threads:
                thread.join(30)
    kept = Counter(event.text for event in stored(installation))
    acknowledged = [text for sender in senders for text in sender.acknowledged]
    assert acknowledged
    assert [text for text in acknowledged if kept[text] != 1] == []
    unanswered = {event["text"] for sender in senders for event in sender.pending or ()}
    assert kept.keys() - set(acknowledged) <= unanswered


def test_five_kills_while_events_come_in_lose_none_that_was_answered(installation: Installation) -> None:
    kill_while_events_come_in(installation, 5)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_while_events_come_in_lose_none_that_was_answered(installation: Installation) -> None:
    kill_while_events_come_in(installation, 100)


def test_real_conversations_are_stored_from_a_file_once(installation: Installation, tmp_path: Path) -> None:
    messages = [json.loads(line) for line in COOKDIAL.read_text().splitlines()]
    file = tmp_path / "cookdial.jsonl"
    file.write_text(
        "".join(
            json.dumps(
                {
                    "message_id": str(message["turn"]),
                    "conversation_id": message["conversation_id"],
                    "user_id": message["conversation_id"],
                    "role": message["role"],
                    "text": message["text"],
                }
            )
            + "\n"
            for message in messages
        )
    )
    told = installation.told("track", file)
    assert told == {"accepted": 9_083, "duplicates": 0, "rejected": 0, "errors": []}
    again = installation.told("track", file)
    assert (again["accepted"], again["duplicates"]) == (0, 9_083)
    events = stored(installation)
    assert Counter(event.role for event in events) == {"user": 4_610, "assistant": 4_473}
    assert len({event.conversation_id for event in events}) == 260
    assert {event.user_ref is None for event in events} == {False}


def test_what_a_file_holds_that_is_no_event_is_named_by_its_line(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text('{"conversation_id": "c", "role": "user"}\n\nnonsense\n{"conversation_id": "c", "role": "cook"}\n')
    ended = installation.run("track", file)
    assert ended.returncode == 1
    assert "line 3: bad_id" in ended.stderr
    assert "line 4: bad_role: role must be user, assistant, system or tool" in ended.stderr
    assert "Stored 1 events" in ended.stdout
    assert "nonsense" not in ended.stderr + ended.stdout
    assert len(stored(installation)) == 1


def test_a_store_that_is_gone_is_503_for_a_while_and_heals_by_itself(installation: Installation) -> None:
    headers = ingest(installation)
    event = {"message_id": "m-1", "conversation_id": "c", "role": "user", "text": "hello"}
    with installation.serving() as server:
        assert server.client.post("/api/v1/track", json=event, headers=headers).status_code == 202
        home = installation.folder / "home"
        aside = {path: path.with_name(f"aside-{path.name}") for path in home.glob("events.db*")}
        for path, hidden in aside.items():
            path.rename(hidden)
        refused = server.client.post("/api/v1/track", json=event | {"message_id": "m-2"}, headers=headers)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) >= 1
        assert server.client.get("/api/v1/recipes").status_code == 200
        for path, hidden in aside.items():
            hidden.rename(path)
        assert (
            server.client.post("/api/v1/track", json=event | {"message_id": "m-2"}, headers=headers).status_code == 202
        )
    assert len(stored(installation)) == 2


def test_two_servers_give_one_person_one_pseudonym_and_a_restart_keeps_it(installation: Installation) -> None:
    headers = ingest(installation)
    event = {"conversation_id": "c", "role": "user", "user_id": "u-1"}
    with installation.serving() as one, installation.serving() as other:
        for number, server in enumerate((one, other)):
            body = event | {"message_id": f"m-{number}"}
            assert server.client.post("/api/v1/track", json=body, headers=headers).status_code == 202
    with installation.serving() as later:
        assert (
            later.client.post("/api/v1/track", json=event | {"message_id": "m-9"}, headers=headers).status_code == 202
        )
    events = stored(installation)
    assert len(events) == 3
    assert len({event.user_ref for event in events}) == 1


def test_another_secret_key_is_refused_at_start_up(installation: Installation) -> None:
    installation.run("status")
    ended = installation.run("status", PARCOOK_SECRET_KEY="QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    assert ended.returncode == 2
    assert "PARCOOK_SECRET_KEY is not the key" in ended.stderr
    short = installation.run("status", PARCOOK_SECRET_KEY="c2hvcnQ=")
    assert short.returncode == 2
    assert "c2hvcnQ" not in short.stderr


def test_the_langgraph_style_sample_reports_each_of_its_messages(installation: Installation) -> None:
    sample = Path(__file__).parents[2] / "samples" / "langgraph_style_bot.py"
    token = ingest(installation)["Authorization"].removeprefix("Bearer ")
    with installation.serving() as server:
        command = [sys.executable, sample, server.address, token]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    events = stored(installation)
    assert Counter(event.role for event in events) == {"user": 4, "assistant": 4}
    assert [call.name for event in events for call in event.tools] == ["web_search", "cookware_check"]
    assert "Negroni" in {event.recipe_name for event in events}
    assert len({event.conversation_id for event in events}) == 1
