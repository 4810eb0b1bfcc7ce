"""A component that is not on this machine: a counted, explained skip; in CI a failure."""

import os
from typing import NoReturn

import pytest


def lacking(component: str, remedy: str) -> NoReturn:
    message = f"{component} is not on this machine: {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
