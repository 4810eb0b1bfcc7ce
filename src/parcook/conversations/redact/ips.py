"""Addresses of the internet protocol, version 4 and 6."""

import ipaddress
import re
from collections.abc import Iterator

_DOT = r"(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)| \. )"
_V4 = re.compile(rf"(?<![\d.,])(?<![\w]-)\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?!\d|\.\d)")
_OCTET = re.compile(r"\d{1,3}")
_V6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])")
_NUMBERED = re.compile(
    r"(?:\b(?:versions?|ver|release|build|firmware|section|chapter|step|clause|figure|table|item|os|ios|android|driver|update)"
    r"[\s.:#]{0,3}|\bv\.?\s?)$",
    re.I,
)
_LOOK_BACK = 16


def find_ips(shadow: str) -> Iterator[tuple[int, int]]:
    """Where the addresses in `shadow` stand; not the numbers of versions and sections."""
    if "." in shadow or "dot" in shadow:
        for match in _V4.finditer(shadow):
            octets = _OCTET.findall(match[0])
            if all(int(octet) <= 255 for octet in octets) and not _NUMBERED.search(
                shadow, max(0, match.start() - _LOOK_BACK), match.start()
            ):
                yield match.span()
    if shadow.count(":") >= 2:
        for match in _V6.finditer(shadow):
            if _is_v6(match[0].rstrip(":") if match[0].endswith(":") and not match[0].endswith("::") else match[0]):
                yield match.span()


def _is_v6(text: str) -> bool:
    groups = [group for group in text.split(":") if group]
    if text.count(":") < 2 or not any(character.isdigit() for character in text) or (len(groups) < 2 and len(text) < 6):
        return text in ("::1",)
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
