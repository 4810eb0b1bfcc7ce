"""One recipe named at one place in a message."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Mention:
    """A recipe's name, how it was found, and which characters of the text say it.

    `recipe_id` and `category` are the catalogue's, where the name is one of its names.
    """

    name: str
    method: Literal["catalogue", "pattern"]
    recipe_id: int | None
    category: str | None
    position: int
    end: int
