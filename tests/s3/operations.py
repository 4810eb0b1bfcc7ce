"""Every way in which object storage is asked."""

from collections.abc import Callable

import pytest

from parcook.objects import Objects

OPERATIONS: dict[str, Callable[[Objects], object]] = {
    "get": lambda objects: objects.get("a/b.json"),
    "conditional get": lambda objects: objects.get_if_changed("a/b.json", '"tag"'),
    "put": lambda objects: objects.put("a/b.json", b"{}"),
    "list": lambda objects: objects.list("a"),
    "delete": lambda objects: objects.delete("a/b.json"),
}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
