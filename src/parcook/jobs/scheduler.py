"""The thread of a server that looks for jobs that are due, and does them. Any number of servers may have one."""

import logging
import random
import threading
import time
from collections.abc import Iterator, Sequence

from parcook.catalogue.database import Database
from parcook.clock import Clock
from parcook.conversations.tombstones import HEARD_AFTER
from parcook.errors import ParcookError
from parcook.jobs.shift import try_shift
from parcook.jobs.work import JOBS, Job, do_job, due_jobs, reason_of
from parcook.lake.place import Lake

FIRST_LOOK_S = 5.0
LOOK_EVERY_S = 10.0
MAX_BACK_OFF_S = 900.0
ENDS_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Scheduler:
    """Does what is due on `lake`, as long as nobody else with the same catalogue `database` does.

    A job that failed is left alone for longer each time, up to `MAX_BACK_OFF_S`; the others go on meanwhile.
    """

    def __init__(
        self,
        lake: Lake,
        database: Database,
        clock: Clock,
        jobs: Sequence[Job] = JOBS,
        first_look_s: float = FIRST_LOOK_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._lake = lake
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._first_look_s = first_look_s
        self._look_every_s = look_every_s
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}
        self.last_error: str | None = None
        self._thread = threading.Thread(target=self._run, name="parcook-jobs", daemon=True)

    def start(self) -> None:
        """Start to look, first in a moment: what starts a server should not have to share it at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the job under way, or without waiting for one that takes long: the next start goes on with it."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(ENDS_WITHIN_S)

    def wake(self) -> None:
        """Look in a moment, because something was asked for, and not only when it is time to."""
        self._woken.set()

    def look(self) -> list[str]:
        """Do what is due; the names of the jobs that were done. None while somebody else is at work."""
        if not any(self._may_run(job) for job in self._due()):
            return []
        done = []
        with try_shift(self._database) as is_ours:
            if is_ours:
                # Asked anew: somebody else may have done it all a moment ago.
                for job in self._due():
                    if not self._stopping.is_set() and self._may_run(job) and self._do(job):
                        done.append(job.name)
        return done

    def _due(self) -> Iterator[Job]:
        return due_jobs(self._lake, self._clock(), self._jobs)

    def _may_run(self, job: Job) -> bool:
        return time.monotonic() >= self._not_before.get(job.name, 0.0)

    def _do(self, job: Job) -> bool:
        started = time.monotonic()
        try:
            told = do_job(self._lake, job, self._clock())
        except Exception as error:  # the thread must outlive any fault; the job is tried again later
            self._failed(job.name, error)
            return False
        self._failures.pop(job.name, None)
        self._not_before.pop(job.name, None)
        log.info("job done", extra={"job": job.name, "seconds": round(time.monotonic() - started, 3), **told})
        return True

    def _failed(self, name: str, error: Exception) -> None:
        self._failures[name] = self._failures.get(name, 0) + 1
        wait = min(MAX_BACK_OFF_S, self._look_every_s * 2.0 ** min(self._failures[name], 10))
        self._not_before[name] = time.monotonic() + wait * random.uniform(0.8, 1.2)  # noqa: S311  # no secret
        self.last_error = f"{name}: {reason_of(error)}"
        is_known = isinstance(error, ParcookError)
        log.error("job failed", exc_info=not is_known, extra={"job": name, "reason": reason_of(error)})

    def _run(self) -> None:
        wait = self._first_look_s
        while True:
            if self._woken.wait(wait):
                self._stopping.wait(HEARD_AFTER.total_seconds())
            self._woken.clear()
            if self._stopping.is_set():
                return
            try:
                self.look()
            except Exception as error:  # the store does not answer: nobody can say what is due
                self.last_error = reason_of(error)
                is_known = isinstance(error, ParcookError)
                log.error("cannot look for jobs", exc_info=not is_known, extra={"reason": reason_of(error)})
            else:
                if not self._failures:
                    self.last_error = None
            wait = self._look_every_s
