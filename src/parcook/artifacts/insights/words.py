"""How numbers are said in the sentences at the head of cards."""

from datetime import date

_ALIKE = 0.02


def compared(now: float | None, before: float | None, days: int, less: str = "fewer") -> str:
    """`, 12 % more than in the 28 days before`; nothing where there is nothing to compare with."""
    if now is None or not before:
        return ""
    change = now / before - 1
    if abs(change) < _ALIKE:
        return f", about the same as in the {days} days before"
    return f", {abs(change):.0%} {'more' if change > 0 else less} than in the {days} days before"


def moved(now: float | None, before: float | None, days: int) -> str:
    """`, 3 points more than in the 28 days before`, of shares."""
    if now is None or before is None:
        return ""
    points = round((now - before) * 100)
    if not points:
        return f", as in the {days} days before"
    noun = "point" if abs(points) == 1 else "points"
    return f", {abs(points)} {noun} {'more' if points > 0 else 'less'} than in the {days} days before"


def listed(name: str) -> str:
    """A key such as `soup_stew` as a sentence begins with it."""
    return name.replace("_", " ")


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def said_day(day: date) -> str:
    """`16 November`."""
    return f"{day.day} {day:%B}"


def counted(number: int, one: str, many: str) -> str:
    """`1 recipe`, `1,200 recipes`."""
    return f"{number:,} {one if number == 1 else many}"
