"""What is withheld: counts of few people, what gives them away, and shares of little. Applied here, nowhere else."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from parcook.metrics.header import Header, Totals

LEAST_BASE = 20
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution, for 95 %

Row = dict[str, Any]


def withhold(rows: Sequence[Row], header: Header, min_people: int) -> tuple[list[Row], int]:
    """`rows` as they may be shown, and how many were withheld: cells of people, and whole rows that lack their least.

    A row with a withheld cell says `suppressed: true`, and columns that would give it away go with it; so do totals
    from which it could be subtracted. Shares need a base of `LEAST_BASE`; shares that are estimates get the ends of
    their 95 % interval, `<share>_low`, `<share>_high`.
    """
    shown: list[Row] = []
    withheld = 0
    for row, hidden in zip(rows, _hidden_cells(rows, header, min_people), strict=True):
        if _is_little(row, header, min_people):
            withheld += 1
            continue
        own = dict(row)
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


def _hidden_cells(rows: Sequence[Row], header: Header, min_people: int) -> list[list[str]]:
    """Of each row the columns of people to withhold: counts of few, and totals that would tell them."""
    few = [[name for name in header.people if 0 < (row[name] or 0) < min_people] for row in rows]
    if header.totals is None:
        return few
    totals = header.totals
    withheld: dict[tuple[Any, str], list[int]] = defaultdict(list)
    for row, names in zip(rows, few, strict=True):
        if not _is_total(row, totals) and all(row[name] is not None for name in header.people):
            for name in names:
                withheld[row[totals.by], name].append(row[name])
    for row, names in zip(rows, few, strict=True):
        if _is_total(row, totals):
            told = [name for name in header.people if name not in names]
            names += [name for name in told if _gives_away(withheld[row[totals.by], name], min_people)]
    return few


def _is_total(row: Row, totals: Totals) -> bool:
    return bool(row[totals.column] == totals.value)


def _gives_away(counts: Sequence[int], min_people: int) -> bool:
    """Whether the sum of withheld `counts`, each 1 to `min_people` - 1, is itself of few or leaves them no choice.

    Whoever has the total and the parts that are shown has that sum: nine twice is the only way to 18 below ten.
    """
    together = sum(counts)
    leaves_choice = len(counts) < together < len(counts) * (min_people - 1)
    return together > 0 and not (together >= min_people and leaves_choice)


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
