"""A server to report to, an address where none is, and a tracker that does not linger."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from parcook.client import Tracker
from tests.client.service import Service, serving


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(Service()) as started:
        yield started


@pytest.fixture
def nowhere() -> str:
    """An address that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcook.client.sending.FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr("parcook.client.sending.LONGEST_PAUSE_S", 0.1)


class Told(list[tuple[str, str]]):
    """What an `on_error` was told: give it the method `tell`. Something was, once `anything` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.anything = threading.Event()

    def tell(self, code: str, detail: str) -> None:
        self.append((code, detail))
        self.anything.set()

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self]


@pytest.fixture
def errors() -> Told:
    return Told()


def quick(url: str, **options: Any) -> Tracker:
    return Tracker(url, **({"linger_s": 0.01} | options))
