"""Names as people write them, grouped by hand: which spellings mean the same thing, and how each one is stored.

Written out, so that the model says by itself when two names are one and shares no folding with the product.
"""

from typing import NamedTuple


class Name(NamedTuple):
    """A spelling: as typed, as it must come back, and the family of spellings that are all one name."""

    typed: str
    stored: str
    family: str


_FAMILIES: dict[str, dict[str, str]] = {
    "gin": {"Gin": "Gin", "GIN": "GIN", " gin\t": "gin"},
    "sloe gin": {"Sloe Gin": "Sloe Gin", "sloe\u00a0gin": "sloe gin", "\u2003SLOE \n GIN ": "SLOE GIN"},
    "rosé": {"Rosé": "Rosé", "ROSE\u0301": "ROSÉ", "rose\u0301": "rosé"},
    "rose": {"Rose": "Rose", "ROSE": "ROSE"},
    "straße": {"Straße": "Straße", "STRASSE": "STRASSE", "STRAẞE": "STRAẞE", "ſtrasse": "ſtrasse"},
    "οδος": {"ΟΔΟΣ": "ΟΔΟΣ", "οδος": "οδος", "οδοσ": "οδοσ"},
    "i": {"i": "i", "I": "I"},
    "i with its dot": {"İ": "İ", "i\u0307": "i\u0307"},
    "kelvin": {"\u212a": "K", "k": "k"},
    "ångström": {"\u212b": "Å", "å": "å", "A\u030a": "Å"},
    "wide gin": {"Ｇｉｎ": "Ｇｉｎ", "ＧＩＮ": "ＧＩＮ"},
    "cocktail glass": {"🍸": "🍸"},
    "like": {"100%_'": "100%_'"},
    "number": {"7": "7"},
}
NAMES = [Name(typed, stored, family) for family, ways in _FAMILIES.items() for typed, stored in ways.items()]


def plain(text: str) -> Name:
    """A name with one spelling, that of no other."""
    return Name(text, text, text)


def spellings(name: Name) -> list[Name]:
    """All spellings that mean what `name` means."""
    return [other for other in NAMES if other.family == name.family] or [name]
