"""US social security numbers: their layout, with area, group and serial as they are assigned."""

import re
from collections.abc import Sequence

from parcook.conversations.redact.context import told_before
from parcook.conversations.redact.groups import Group, is_tight

_CUE = re.compile(r"(?<!\[)\b(?:ssn|social security|social|itin|tin)\b[^\n]{0,24}$", re.I)
_CUE_REACH = 40
_SIZES = [3, 2, 4]
_SEPARATORS = frozenset(("-", "", ".", "/", "_", "~"))


def ssn_at(shadow: str, cluster: Sequence[Group], place: int) -> int | None:
    """The last group of the social security number that begins with group `place`; None if none does."""
    start = cluster[place].start
    groups = cluster[place : place + 3]
    is_named = _CUE.search(shadow, max(0, start - _CUE_REACH), start) is not None
    if [len(group.digits) for group in groups] == _SIZES:
        separators = {group.gap.strip(" ") for group in groups[1:]}
        if len(separators) != 1 or not separators <= _SEPARATORS:
            return None
    elif is_named and len(groups[0].digits) == sum(_SIZES):
        groups = groups[:1]
    else:
        return None
    last = place + len(groups) - 1
    if (place and is_tight(cluster[place].gap)) or (last + 1 < len(cluster) and is_tight(cluster[last + 1].gap)):
        return None
    if not is_named and told_before(shadow, start) == "id":
        return None
    before, after = shadow[start - 1 : start] if start else "", shadow[groups[-1].end : groups[-1].end + 1]
    if before == "+" or before.isalnum() or after.isalnum():
        return None
    digits = "".join(group.digits for group in groups)
    area, middle, serial = digits[:3], digits[3:5], digits[5:]
    return None if area in ("000", "666") or middle == "00" or serial == "0000" else last
