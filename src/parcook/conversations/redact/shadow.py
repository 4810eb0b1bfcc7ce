"""A text's shadow: what it says once every disguise of its characters is taken off, and a map back to the text.

Patterns are matched on the shadow and cut out of the original, so that text in which nothing is found stays as it is
to the byte. Compatibility forms (full-width, mathematical, circled) become plain ones, every digit an ASCII digit,
every dash `-`, every space a space; invisible characters and marks on others are dropped; `&#64;` and `%40` are the `@`
they stand for.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_ENCODED = re.compile(
    r"&#(?P<decimal>\d{2,6});?|&#x(?P<hexadecimal>[0-9a-f]{2,5});?|&(?P<name>commat|period|nbsp);|"
    r"%(?P<percent>40|20|2[b89de])|\\u00(?P<escaped>40|2[bde])",
    re.I,
)
_NAMED = {"commat": "@", "period": ".", "nbsp": " "}
_MARKED = re.compile(r"&(?:#|commat|period|nbsp)|%(?:40|2[0b89de])|\\u00", re.I)
_DASHES = frozenset("\u2212\u2043\u30fc\u02d7\u223c\u3030\u00b7\u2022")
# Format characters, and marks on a character: accents, keycaps, what is struck through.
_UNSEEN = frozenset(("Cf", "Mn", "Mc", "Me"))
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0")
_FULL_STOPS = frozenset("\u3002\uff61\u2024")


class Shadow(NamedTuple):
    """`text` with, for each of its characters, where the one it stands for starts and ends; None for itself."""

    text: str
    starts: Sequence[int] | None
    ends: Sequence[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the part from `start` to `end` (not empty) stands in the original."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def cast_shadow(text: str) -> Shadow:
    """The shadow of `text`."""
    is_marked = _MARKED.search(text) is not None
    if text.isascii() and not is_marked:
        return Shadow(text, None, None)
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ENCODED.finditer(text) if is_marked else ():
        _plain(text, at, match.start(), characters, starts, ends)
        at = match.end()
        for character in _reveal(_decoded(match)):
            characters.append(character)
            starts.append(match.start())
            ends.append(match.end())
    _plain(text, at, len(text), characters, starts, ends)
    return Shadow("".join(characters), starts, ends)


def _plain(text: str, start: int, end: int, characters: list[str], starts: list[int], ends: list[int]) -> None:
    for place in range(start, end):
        for character in _reveal(text[place]):
            characters.append(character)
            starts.append(place)
            ends.append(place + 1)


def _decoded(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED[match["name"].lower()]
    if own := match["percent"] or match["escaped"]:
        return chr(int(own, 16))
    code = int(match["decimal"]) if match["decimal"] else int(match["hexadecimal"], 16)
    return chr(code) if code <= 0x10FFFF else " "


@lru_cache(maxsize=4096)
def _reveal(character: str) -> str:
    """What `character` stands for: mostly itself, nothing if it cannot be seen, sometimes several."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category in _UNSEEN or character in _INVISIBLE:
        return ""
    if character in _FULL_STOPS:
        return "."
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKC", character)
    if plain == character or len(plain) > 4:
        return character
    return "".join(" " if part.isspace() else part for part in plain)
