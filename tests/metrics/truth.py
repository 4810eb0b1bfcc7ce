"""What is true of a world, day by day: talks, messages, meanings and outcomes, read from METRICS.md in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.metrics.worlds import Dish, Said, World

Rows = list[dict[str, Any]]
Talk = list[Said]
DAY = timedelta(days=1)


class Truth:
    """A world, and what its messages come to."""

    def __init__(self, world: World) -> None:
        self.world = world

    def days(self, first: date, last: date) -> list[date]:
        """The days of the world from `first` to `last`."""
        return [day for day in self.world.days if first <= day <= last]

    def said(self, first: date, last: date) -> Iterable[tuple[date, Said]]:
        """Everything that was said, or clicked, from `first` to `last`."""
        return ((day, said) for day in self.days(first, last) for said in self.world.by_day[day])

    def messages(self, first: date, last: date) -> list[tuple[date, Said]]:
        """What counts as a message: words of a user or an assistant."""
        return [(day, said) for day, said in self.said(first, last) if is_message(said)]

    def talks(self, first: date, last: date) -> dict[tuple[date, str], Talk]:
        """Conversations: the messages of one id within one day, in their order."""
        talks: dict[tuple[date, str], Talk] = defaultdict(list)
        for day, said in self.messages(first, last):
            talks[day, said.talk].append(said)
        return talks

    def clicks(self, first: date, last: date) -> dict[tuple[date, str], Talk]:
        """The votes of each conversation that there is."""
        talks = self.talks(first, last)
        clicks: dict[tuple[date, str], Talk] = defaultdict(list)
        for day, said in self.said(first, last):
            if said.vote is not None and (day, said.talk) in talks:
                clicks[day, said.talk].append(said)
        return clicks

    def active(self, first: date, last: date, kind: str = "user") -> set[str]:
        """Who wrote at least one message, of users or of visitors."""
        return {
            said.person
            for _, said in self.messages(first, last)
            if said.role == "user" and said.person is not None and said.kind == kind
        }

    def means(self, said: Said) -> frozenset[str]:
        """What a message signals; whoever repeats their words within two minutes rephrases, unless it moves on."""
        assert said.words is not None
        if said.id in self._repeated and not said.words.means & {"next_step", "timer", "done"}:
            return said.words.means | {"rephrase"}
        return said.words.means

    @cached_property
    def _repeated(self) -> set[str]:
        last: dict[str, Said] = {}
        repeated = set()
        for said in self.world.said:
            if said.internal or said.role != "user" or said.words is None:
                continue
            before = last.get(said.talk)
            if before and before.words == said.words and said.at - before.at <= timedelta(seconds=120):
                repeated.add(said.id)
            last[said.talk] = said
        return repeated


def is_message(said: Said) -> bool:
    return said.words is not None and said.role in ("user", "assistant")


def folded(dish: Dish) -> str:
    """A dish by its name in small letters: one dish, however it is spelled."""
    return dish.name.lower()


def nearest_rank(values: Sequence[int], per_cent: int) -> int | None:
    """The smallest of `values` that at least this share of them does not exceed."""
    place = -(-len(values) * per_cent // 100)
    return sorted(values)[max(place, 1) - 1] if values else None


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def outcome(truth: Truth, talk: Talk, is_cooked: bool) -> str:
    """How far a conversation with a dish got, by the ladder of METRICS.md."""
    *_, last = talk
    if "error" in truth.means(last) or (last.role == "user" and "question" in truth.means(last)):
        return "abandoned"
    if is_cooked:
        return "confirmed"
    first = next(place for place, said in enumerate(talk) if said.dish is not None)
    after = [said for said in talk[first + 1 :] if said.role == "user"]
    ending = [said for said in talk if said.role == "user"][-2:]
    moves_on = any(truth.means(said) & {"next_step", "timer", "done"} for said in after)
    if moves_on and not any("negative" in truth.means(said) for said in ending):
        return "likely"
    return "engaged" if after else "browsed"


def is_refused(truth: Truth, talk: Talk, asked: Said) -> bool:
    """Whether the next answer to a message is a refusal."""
    later = [said for said in talk[talk.index(asked) + 1 :] if said.role == "assistant"]
    return bool(later) and "refusal" in truth.means(later[0])
