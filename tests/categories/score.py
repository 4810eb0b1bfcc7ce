"""`python -m tests.categories.score` scores categories on lists of dishes and prints what it got wrong."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from parcook.conversations.categories import categorise

HERE = Path(__file__).parent
SHARED = HERE.parent.parent.parent / "shared" / "data" / "catalogue"


class Dish(NamedTuple):
    """A dish, what is in it, and the categories that are right for it."""

    name: str
    ingredients: list[str] | None
    right: frozenset[str]


class Score(NamedTuple):
    """How many were right, wrong and left open."""

    right: int
    wrong: int
    left_open: int

    @property
    def accuracy(self) -> float:
        """The share of all that was right."""
        return self.right / sum(self)

    @property
    def precision(self) -> float:
        """The share of what was answered that was right."""
        return self.right / (self.right + self.wrong)


def read_list(path: Path) -> list[Dish]:
    """Lines `name | category | another that would do`."""
    lines = [line.split("|") for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [Dish(name.strip(), None, frozenset(word.strip() for word in right)) for name, *right in lines]


def read_wikibooks(with_ingredients: bool) -> list[Dish]:
    """Dishes of the Wikibooks cookbook whose own labels say what they are."""
    rows = [json.loads(line) for line in (SHARED / "wikibooks_recipes.jsonl").read_text().splitlines()]
    return [
        Dish(row["name"], row["ingredients"] if with_ingredients else None, frozenset(row["acceptable"]))
        for row in rows
        if row["acceptable"]
    ]


def score_dishes(
    dishes: list[Dish], by: Callable[..., str | None] = categorise
) -> tuple[Score, list[tuple[Dish, str | None]]]:
    """The score of `by` on `dishes`, and what was not right."""
    answers = [(dish, by(dish.name, dish.ingredients)) for dish in dishes]
    missed = [(dish, answer) for dish, answer in answers if answer not in dish.right]
    left_open = sum(answer is None for _, answer in missed)
    return Score(len(dishes) - len(missed), len(missed) - left_open, left_open), missed


def sets() -> Iterator[tuple[str, list[Dish]]]:
    """All lists that are at hand, by name."""
    for path in sorted(HERE.glob("*.txt")):
        yield path.stem.replace("_", " "), read_list(path)
    if (SHARED / "wikibooks_recipes.jsonl").exists():
        yield "Wikibooks, names", read_wikibooks(with_ingredients=False)
        yield "Wikibooks, names and ingredients", read_wikibooks(with_ingredients=True)


if __name__ == "__main__":
    for title, dishes in sets():
        total, missed = score_dishes(dishes)
        print(f"{title}: {total.right} of {len(dishes)} right ({total.accuracy:.1%}), {total.left_open} left open")
        for dish, answer in missed:
            print(f"    {dish.name}: {answer}, should be {' or '.join(sorted(dish.right))}")
