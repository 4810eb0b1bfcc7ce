"""People across days, against plain sets."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from parcook.events.contract import Event
from parcook.lake.people import first_kept
from parcook.lake.place import Lake
from parcook.lake.rounds import Rounds
from parcook.lake.tables import ACTIVITY
from tests.lake.making import at, event, numbers_of, ref, rows_of, week_of

FIRST = date(2024, 9, 2)  # a Monday
FEATURES = (None, None, "timer", "shopping_list")


def noon(day: date) -> str:
    return f"{day} 12:00"


@pytest.mark.parametrize(("days", "computed"), [(112, 35), pytest.param(210, 210, marks=pytest.mark.soak)])
def test_everything_about_people_is_what_sets_say(lake: Lake, days: int, computed: int) -> None:
    world = World(days, people=40)
    asked = world.days[-computed:]
    with Rounds(lake) as rounds:
        for day in world.days:
            lake.store.append(list(world.events(day)))
            frozen = at(f"{day} 00:00") + timedelta(days=3, hours=1)
            rounds.export([day], frozen)
            if day in asked:
                rounds.aggregate([day], frozen)
    for day in asked:
        numbers = numbers_of(lake, day)
        told = {name: numbers[name] for name in ("dau", "wau", "mau", "people_91", "visitors")}
        assert told == world.counts(day), day
    for monday in asked[::7]:
        assert week_of(lake, monday) == {
            **world.week(monday),
            "week": f"{monday:%G-W%V}",
            "week_start": monday.isoformat(),
            "revision": 0,
            "complete": True,
        }


class World:
    """Who is active when, as sets; some stay away for more than 90 days."""

    def __init__(self, days: int, people: int) -> None:
        chance = random.Random(7)
        self.days = [FIRST + timedelta(days=n) for n in range(days)]
        self.users: dict[date, set[str]] = defaultdict(set)
        self.visitors: dict[date, set[str]] = defaultdict(set)
        self.features: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for number in range(people):
            start = chance.randrange(days - 20)
            away = range(start + 5, start + 5 + chance.choice((0, 89, 90, 91, 95)))
            for n in range(start, days):
                if n not in away and chance.random() < 0.2:
                    (self.visitors if number % 5 == 0 else self.users)[self.days[n]].add(f"person {number}")
        for day in self.days:
            for person in sorted(self.users[day]):
                feature = chance.choice(FEATURES)
                if feature:
                    self.features[day][feature].add(person)

    def events(self, day: date) -> Iterator[Event]:
        for person in sorted(self.users[day]):
            used = [feature for feature, people in self.features[day].items() if person in people]
            yield event(noon(day), f"{person} {day}", person, feature=used[0] if used else None)
            yield event(noon(day), f"{person} {day}", person, role="assistant")
        for person in sorted(self.visitors[day]):
            yield event(noon(day), f"{person} {day}", person, person_kind="visitor")
        yield event(noon(day), f"nobody {day}")

    def counts(self, day: date) -> dict[str, int]:
        return {
            "dau": len(self._active(day, day)),
            "wau": len(self._active(day - timedelta(days=6), day)),
            "mau": len(self._active(day - timedelta(days=27), day)),
            "people_91": len(self._active(day - timedelta(days=90), day)),
            "visitors": len(self.visitors[day]),
        }

    def week(self, monday: date) -> dict[str, object]:
        sunday = monday + timedelta(days=6)
        people = self._active(monday, sunday)
        cohorts: dict[str, set[str]] = defaultdict(set)
        new = set()
        for day in (monday + timedelta(days=n) for n in range(7)):
            for person in self.users[day]:
                first = self._first_day(person, day)
                cohorts[f"{first:%G-W%V}"].add(person)
                if monday <= first <= sunday:
                    new.add(person)
        used: dict[str, set[str]] = defaultdict(set)
        for day in (monday + timedelta(days=n) for n in range(7)):
            for feature, own in self.features[day].items():
                used[feature] |= own
        before = self._active(monday - timedelta(days=28), monday - timedelta(days=1))
        return {
            "people": len(people),
            "new_people": len(new) if (monday - FIRST).days >= 90 else None,
            "returning_people": len(people & before) if (monday - FIRST).days >= 28 else None,
            "cohorts": {cohort: len(own) for cohort, own in sorted(cohorts.items())},
            "feature_people": {feature: len(own) for feature, own in sorted(used.items())},
        }

    def _active(self, first: date, last: date) -> set[str]:
        return {person for day, people in self.users.items() if first <= day <= last for person in people}

    def _first_day(self, person: str, day: date) -> date:
        first = day
        for earlier in sorted((d for d, people in self.users.items() if person in people and d < day), reverse=True):
            if (first - earlier).days > 90:
                break
            first = earlier
        return first


def test_active_is_who_wrote_as_a_user(lake: Lake, rounds: Rounds) -> None:
    lake.store.append(
        [
            event("2025-01-15 10:00", "a", "asks"),
            event("2025-01-15 10:00", "b", "is answered only", role="assistant"),
            event("2025-01-15 10:00", "c", "clicks only", text=None, feedback_kind="thumb", feedback_value="up"),
            event("2025-01-15 10:00", "d", "visits", person_kind="visitor"),
            event("2025-01-15 10:00", "e", "works here", internal=True),
            event("2025-01-15 10:00", "f"),
        ]
    )
    rounds.run(at("2025-01-16 01:00"))
    day = date(2025, 1, 15)
    assert {row["user_ref"] for row in rows_of(lake, ACTIVITY, day)} == {ref("asks"), ref("visits")}
    numbers = numbers_of(lake, day)
    assert (numbers["dau"], numbers["visitors"], numbers["unique_users"]) == (1, 1, 3)


def test_a_late_event_moves_the_first_day_of_the_days_after(lake: Lake, rounds: Rounds) -> None:
    lake.store.append([event("2025-01-15 10:00", "a", "ann"), event("2025-01-16 10:00", "b", "ann")])
    rounds.run(at("2025-01-17 01:00"))
    lake.store.append([event("2025-01-10 10:00", "c", "ann")])
    rounds.backfill(date(2025, 1, 10), date(2025, 1, 10), at("2025-01-17 02:00"))
    days = [date(2025, 1, 10), date(2025, 1, 15), date(2025, 1, 16)]
    assert [row["first_day"] for day in days for row in rows_of(lake, ACTIVITY, day)] == ["2025-01-10"] * 3


@pytest.mark.parametrize(("hour", "expected"), [("23:59", date(2025, 1, 15)), ("00:00", date(2025, 1, 16))])
def test_activity_is_kept_for_95_days_after_its_day(lake: Lake, hour: str, expected: date, tmp_path: Path) -> None:
    end = date(2025, 1, 15) + timedelta(days=96 if hour == "00:00" else 95)
    assert first_kept(at(f"{end} {hour}"), lake.zone) == expected
