"""What stands twice in a file: recipes get a number, lines of one recipe become one."""

from collections.abc import Sequence
from dataclasses import replace

from parcook.catalogue.importing.batch import LineItem
from parcook.catalogue.importing.values import MAX_AMOUNT, Values, say, shorten
from parcook.catalogue.names import name_key


def number_repeats(named: Sequence[tuple[str, str]], values: Values) -> list[str]:
    """The names that recipes, given as (name, where), get so that each stands once: the first keeps its own."""
    # Taken from the start, so that a recipe that was called "Sour (2)" all along keeps that name.
    original_keys = {name_key(name) for name, _ in named}
    taken: set[str] = set()
    next_number: dict[str, int] = {}
    given = []
    for name, where in named:
        key = original_key = name_key(name)
        if key in taken:
            number = next_number.get(original_key, 2)
            while (key := name_key(shorten(name, f" ({number})"))) in taken or key in original_keys:
                number += 1
            next_number[original_key] = number + 1
            values.note(
                "renamed_recipe", f'{where}: there is another {say(name)}; this one is now called "… ({number})"'
            )
            name = shorten(name, f" ({number})")
        taken.add(key)
        given.append(name)
    return given


class Lines:
    """The lines of one recipe, one for each ingredient, in the order of their first appearance."""

    def __init__(self) -> None:
        self.merged: dict[str, LineItem] = {}
        self._times: dict[str, tuple[int, str]] = {}

    def add(self, ingredient: str, line: LineItem, where: str) -> None:
        """Add a line of `ingredient`, a key; one that is there takes the amount in if the unit is the same."""
        if ingredient in self.merged:
            line = _merge(self.merged[ingredient], line)
            self._times[ingredient] = (self._times.get(ingredient, (1, ""))[0] + 1, where)
        self.merged[ingredient] = line

    def note_merged(self, values: Values) -> None:
        """Note which lines are now one."""
        for ingredient, (number, where) in self._times.items():
            total = self.merged[ingredient].amount
            said = "without an amount" if total is None else f"with the amount {total:g}"
            values.note("merged_line", f"{where}: listed {number} times; now one line {said}")


def _merge(first: LineItem, second: LineItem) -> LineItem:
    if first.amount is None or second.amount is None or first.unit_key != second.unit_key:
        return first
    total = first.amount + second.amount
    return replace(first, amount=total) if total <= MAX_AMOUNT else first
