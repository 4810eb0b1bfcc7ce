"""What is withheld: counts of few people, and shares of little. Applied here, and nowhere else."""

import math
from collections.abc import Sequence
from typing import Any

from parcook.metrics.header import Header

LEAST_BASE = 20
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution, for 95 %

Row = dict[str, Any]


def withhold(rows: Sequence[Row], header: Header, min_people: int) -> tuple[list[Row], int]:
    """`rows` as they may be shown, and how many were withheld: cells of people, and whole rows that lack their least.

    A row with a withheld cell says `suppressed: true`, and columns that would give it away go with it; shares need a
    base of `LEAST_BASE`; shares that are estimates get the ends of their 95 % interval, `<share>_low`, `<share>_high`.
    """
    shown: list[Row] = []
    withheld = 0
    for row in rows:
        if _is_little(row, header, min_people):
            withheld += 1
            continue
        own = dict(row)
        hidden = [name for name in header.people if own[name] is not None and 0 < own[name] < min_people]
        for name in hidden:
            own[name] = None
        for name, count in header.tied.items():
            if count in hidden:
                own[name] = None
        for share, base in header.shares.items():
            if (row[base] or 0) < LEAST_BASE or base in hidden:
                own[share] = None
        for share, base in header.intervals.items():
            low, high = (None, None) if own[share] is None else wilson(own[share], row[base])
            own |= {f"{share}_low": low, f"{share}_high": high}
        if header.people:
            own["suppressed"] = bool(hidden)
        withheld += len(hidden)
        shown.append(own)
    return shown, withheld


def _is_little(row: Row, header: Header, min_people: int) -> bool:
    """Whether a row has less in a column than it takes to be told."""
    needs = {name: min_people if least is None else least for name, least in header.least.items()}
    return any((row[name] or 0) < least for name, least in needs.items())


def shown_columns(columns: Sequence[str], header: Header) -> list[str]:
    """The columns of rows that `withhold` has seen to, also where there is no row."""
    ends = [f"{share}_{end}" for share in header.intervals for end in ("low", "high")]
    return [*columns, *ends, *(["suppressed"] if header.people else [])]


def wilson(share: float, base: int) -> tuple[float, float]:
    """The 95 % interval of a proportion (Wilson, 1927, without continuity correction)."""
    centre = share + _Z**2 / (2 * base)
    spread = _Z * math.sqrt(share * (1 - share) / base + _Z**2 / (4 * base**2))
    scale = 1 + _Z**2 / base
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
