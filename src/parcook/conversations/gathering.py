"""Reports from many requests, stored together: one thread takes all that wait, and one commit keeps them all.

Writing to the disk for good takes a hundred times as long as an insert, and threads that all want the interpreter
slow each other down; so requests that come at once share both. A request alone does not wait for others.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from parcook.conversations.outcome import Outcome
from parcook.conversations.timing import Arrival
from parcook.conversations.tracker import Intake
from parcook.errors import Busy

MAX_WAITING = 100
MOST_AT_ONCE = 32

Report = tuple[Sequence[object], Arrival]
"""The events of a request, and what is known of it as a whole."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    read: Callable[[], Report]
    future: Future[Outcome] = field(default_factory=Future)


class Gatherer:
    """Hands reports to `intake`. At most `MAX_WAITING` wait, the ones under way among them."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._room = threading.BoundedSemaphore(MAX_WAITING)
        self._thread = threading.Thread(target=self._run, name="parcook-intake", daemon=True)
        self._thread.start()

    def submit(self, read: Callable[[], Report]) -> Future[Outcome]:
        """Have a report read and stored; what became of it, or what `read` or the store raised, is the result.

        Raises `Busy` at once where too many wait.
        """
        if not self._room.acquire(blocking=False):
            raise Busy("more is being reported at once than is taken; try again in a moment")
        own = _Waiting(read)
        own.future.add_done_callback(lambda _: self._room.release())
        self._waiting.put(own)
        return own.future

    def close(self) -> None:
        """Store what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            gathered, is_ending = [first], False
            while len(gathered) < MOST_AT_ONCE and not is_ending and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    is_ending = True
                else:
                    gathered.append(following)
            self._take(gathered)
            if is_ending:
                return

    def _take(self, gathered: Sequence[_Waiting]) -> None:
        readable: list[tuple[_Waiting, Report]] = []
        for each in gathered:
            try:
                readable.append((each, each.read()))
            except Exception as error:  # it is this request's alone, and is raised where it is waited for
                each.future.set_exception(error)
        try:
            outcomes = self._intake.take_all([report for _, report in readable])
        except Exception as error:
            for each, _ in readable:
                each.future.set_exception(error)
        else:
            for (each, _), outcome in zip(readable, outcomes, strict=True):
                each.future.set_result(outcome)
