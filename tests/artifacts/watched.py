"""Object storage that tells of each operation before and after it: a test may record, wait, write or fail there."""

from collections.abc import Callable
from typing import Any

from parcook.artifacts.storage import AnalyticsStorage
from parcook.errors import Unavailable
from parcook.objects import Blob, Listed, Objects, Unchanged

Watcher = Callable[[str, str, str], None]
"""Called with ("before" or "after", verb, path); what it raises is what storage raises."""


class WatchedObjects(Objects):
    def __init__(self, url: str, watcher: Watcher) -> None:
        super().__init__(url)
        self._watcher = watcher

    def get(self, path: str) -> Blob | None:
        return self._watched("get", super().get, path)

    def get_if_changed(self, path: str, etag: str | None) -> Blob | Unchanged | None:
        return self._watched("get", super().get_if_changed, path, etag)

    def put(
        self, path: str, body: bytes, content_type: str = "application/json", cache_control: str | None = None
    ) -> None:
        self._watched("put", super().put, path, body, content_type, cache_control)

    def list(self, prefix: str) -> list[Listed]:
        return self._watched("list", super().list, prefix)

    def delete(self, path: str) -> None:
        self._watched("delete", super().delete, path)

    def _watched(self, verb: str, operation: Callable[..., Any], path: str, *arguments: Any) -> Any:
        self._watcher("before", verb, path)
        answer = operation(path, *arguments)
        self._watcher("after", verb, path)
        return answer


def watch(storage: AnalyticsStorage, watcher: Watcher) -> AnalyticsStorage:
    """The same storage, seen through `watcher`."""
    watched = AnalyticsStorage(storage.objects.url)
    watched.objects = WatchedObjects(storage.objects.url, watcher)
    return watched


class Refusing:
    """A watcher: storage refuses the verbs in `verbs`, as long as there are any; counts how often it was asked."""

    def __init__(self, *verbs: str) -> None:
        self.verbs = set(verbs)
        self.asked = 0

    def __call__(self, moment: str, verb: str, path: str) -> None:
        self.asked += moment == "before"
        if moment == "before" and verb in self.verbs:
            raise Unavailable(f"storage refuses to {verb}")
