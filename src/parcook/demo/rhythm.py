"""When people talk about drinks: growth over the year, weekends, evenings, and what each season asks for.

Plain tables, so that whoever looks at the demonstration can find in them what the pages should show.
"""

from collections.abc import Mapping
from datetime import date

WEEKDAYS = (0.72, 0.70, 0.78, 0.95, 1.35, 1.60, 1.05)
"""How busy a day is, Monday to Sunday."""

_UNTIL_NOON = (0.5, 0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7, 0.9, 1.2, 1.6)
_FROM_NOON = (2.0, 1.7, 1.4, 1.6, 2.6, 4.6, 6.4, 7.2, 6.6, 5.0, 3.2, 1.4)
HOURS = _UNTIL_NOON + _FROM_NOON
"""How busy an hour of the evening, and of the rest of the day, is: 0 to 23 in the report zone."""

WEEKEND_HOURS = tuple(busy * (1.6 if 11 <= hour <= 15 or hour <= 1 else 1.0) for hour, busy in enumerate(HOURS))

SEASONS: Mapping[str, tuple[float, ...]] = {
    "Hot": (2.6, 2.2, 1.3, 0.6, 0.3, 0.2, 0.2, 0.2, 0.5, 1.2, 2.2, 3.2),
    "Tiki": (0.6, 0.6, 0.7, 0.9, 1.3, 1.8, 2.1, 2.0, 1.2, 0.8, 0.6, 0.6),
    "Highball": (0.7, 0.7, 0.8, 1.0, 1.3, 1.6, 1.7, 1.6, 1.2, 0.9, 0.7, 0.7),
    "Aperitivo": (0.6, 0.7, 0.9, 1.2, 1.6, 1.8, 1.7, 1.6, 1.2, 0.8, 0.6, 0.7),
    "Champagne": (0.9, 1.1, 0.8, 0.8, 1.0, 1.0, 0.9, 0.8, 0.8, 0.8, 1.2, 3.4),
    "Punch & Cup": (0.7, 0.7, 0.7, 0.8, 1.1, 1.5, 1.6, 1.3, 0.8, 0.8, 1.2, 2.4),
    "Zero-proof": (3.0, 1.4, 1.0, 0.9, 0.9, 1.0, 1.0, 0.9, 1.0, 1.0, 0.8, 0.7),
    "Flip & Cream": (1.4, 1.2, 1.0, 0.8, 0.7, 0.6, 0.6, 0.6, 0.8, 1.0, 1.4, 2.2),
    "Fizz & Collins": (0.7, 0.8, 0.9, 1.1, 1.3, 1.4, 1.4, 1.3, 1.1, 0.9, 0.7, 0.7),
    "Julep & Smash": (0.5, 0.5, 0.7, 1.2, 2.0, 1.7, 1.5, 1.3, 1.0, 0.7, 0.6, 0.6),
}
"""How much a category is wanted in each month, January first; 1 for all that is not here."""

FEATURES: Mapping[str, tuple[int, float]] = {
    "recipe_search": (0, 0.55),
    "shopping_list": (0, 0.12),
    "party_planner": (150, 0.10),
    "voice_mode": (290, 0.16),
}
"""Feature → (days after the first on which it came, share of conversations that use it once it is known)."""

KNOWN_AFTER_DAYS = 60
"""How long a new feature takes until as many use it as ever will."""


def wanted(category: str | None, day: date) -> float:
    """How much a category is wanted on `day`; 1 is as on the average day."""
    months = SEASONS.get(category or "")
    return months[day.month - 1] if months else 1.0


def feature_share(feature: str, days_since_start: int) -> float:
    """The share of conversations that use `feature` so many days after the demonstration's first."""
    launched, share = FEATURES[feature]
    return share * min(1.0, max(0.0, (days_since_start - launched) / KNOWN_AFTER_DAYS)) if launched else share


def hours_of(day: date) -> tuple[float, ...]:
    """How busy each local hour of `day` is."""
    return WEEKEND_HOURS if day.weekday() >= 5 else HOURS
