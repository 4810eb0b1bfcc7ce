"""Addresses of the internet protocol, version 4 and 6."""

import ipaddress
import re
from collections.abc import Iterator

_DOT = r"(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)| \. )"
_V4 = re.compile(rf"(?<![\d.,])(?<![\w]-)\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?!\d|\.\d)")
_OCTET = re.compile(r"\d{1,3}")
_V6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)([0-9A-Fa-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?)(?:%\w{1,16})?(?![\w:]|\.\d)"
)
_NUMBERED = re.compile(
    r"(?:\b(?:versions?|ver|release|build|firmware|section|chapter|step|clause|figure|table|item|os|ios|android|driver|update|"
    r"app|software|kernel|python|node|java|windows|chrome|firefox|safari|edge|rev|revision|patch|upgraded\s+to)"
    r"(?:[\s.:#/=]|\b(?:no|number|is|was|to|from)\b){0,6}|\bv\.?\s?)$",
    re.I,
)
_LOOK_BACK = 28


def find_v6(shadow: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of version 6 in `shadow` stand, from left to right."""
    if shadow.count(":") >= 2:
        for match in _V6.finditer(shadow):
            if _is_v6(match[1].rstrip(":") if match[1].endswith(":") and not match[1].endswith("::") else match[1]):
                yield match.span()


def find_v4(shadow: str) -> Iterator[tuple[int, int]]:
    """The same of version 4, which are not the numbers of versions and sections."""
    if "." in shadow or "dot" in shadow:
        for match in _V4.finditer(shadow):
            is_address = all(int(octet) <= 255 for octet in _OCTET.findall(match[0]))
            if is_address and not _NUMBERED.search(shadow, max(0, match.start() - _LOOK_BACK), match.start()):
                yield match.span()


def _is_v6(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    if text == "::1":
        return True
    is_short = len(groups) < 4 and not text.startswith("::") and len(text.split(":")[0]) < 3  # `10::20`, `12:00::`
    if is_short or len(groups) < 2 or not any(map(str.isdigit, text)):
        return False
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
