"""Units of measure as recipes write them, and what each is called in a catalogue that does not have it yet.

Volumes are those of the United States, as most recipes on the web mean them; what a catalogue says of a unit
of its own goes before.
"""

from dataclasses import dataclass
from enum import Enum

from parcook.catalogue.importing.plurals import pluralise


class Kind(Enum):
    """What a unit counts; only what is measured can be converted."""

    VOLUME = "volume, in millilitres"
    MASS = "mass, in grams"
    LENGTH = "length, in millimetres"
    PACKING = "a thing that something is sold in"
    COUNT = "a piece, or a little"


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit. `size` is in the unit of its kind, null where it is not fixed; `spellings` are singular."""

    name: str
    abbreviation: str | None
    kind: Kind
    size: float | None
    spellings: tuple[str, ...]

    @property
    def conversion_to_ml(self) -> float | None:
        """What one of it is in millilitres, if that can be said."""
        return self.size if self.kind is Kind.VOLUME else None


def _measured(kind: Kind, *rows: str) -> list[Measure]:
    """From rows `name abbreviation size spelling spelling…`."""
    found = []
    for row in rows:
        name, abbreviation, size, *spellings = row.split()
        found.append(Measure(name.replace("_", " "), abbreviation.replace("_", " "), kind, float(size), (*spellings,)))
    return found


def _counted(kind: Kind, *rows: str) -> list[Measure]:
    """From rows `name spelling spelling…`."""
    return [Measure(name, None, kind, None, (*spellings,)) for name, *spellings in map(str.split, rows)]


MEASURES = (
    *_measured(
        Kind.VOLUME,
        "millilitre ml 1 milliliter mil cc",
        "centilitre cl 10 centiliter",
        "decilitre dl 100 deciliter",
        "litre l 1000 liter ltr lt",
        "teaspoon tsp 4.9289 teaspoonful tspn",
        "tablespoon tbsp 14.7868 tablespoonful tbs tb tblsp tbl tbspn",
        "fluid_ounce fl_oz 29.5735 floz",
        "cup c 236.588 cupful",
        "pint pt 473.176",
        "quart qt 946.353",
        "gallon gal 3785.41",
        "dash ds 0.92",
        "drop dr 0.05",
        "splash spl 5.9147",
        "jigger jgr 44.3603 shot",
        "barspoon bsp 5",
    ),
    *_measured(
        Kind.MASS,
        "milligram mg 0.001 milligramme",
        "gram g 1 gramme gr gm",
        "kilogram kg 1000 kilogramme kilo",
        "ounce oz 28.3495",
        "pound lb 453.592",
    ),
    *_measured(Kind.LENGTH, "inch in 25.4", "centimetre cm 10 centimeter", "millimetre mm 1 millimeter"),
    *_counted(
        Kind.PACKING,
        "can tin",
        "package packet pkg pkt pack pckg",
        "jar",
        "bottle btl",
        "box",
        "bag",
        "carton",
        "container",
        "envelope",
        "sachet",
        "pouch",
        "tube",
        "tub",
        "loaf",
        "block",
        "bar",
        "square",
        "stick",
    ),
    *_counted(
        Kind.COUNT,
        "pinch",
        "handful",
        "bunch",
        "clove",
        "slice",
        "piece pc",
        "head",
        "bulb",
        "stalk rib",
        "sprig",
        "leaf",
        "knob",
        "cube",
        "sheet",
        "strip",
        "chunk",
        "scoop",
        "spoon spoonful",
        "glass",
        "part",
        "serving",
        "portion",
        "twist",
        "wedge",
        "drizzle",
        "sprinkle sprinkling",
        "dollop",
        "pat",
        "ear",
        "pod",
        "link",
        "spear",
        "rasher",
    ),
)

# One letter is a matter of case: a big spoon and a small one.
_LETTERS = {"T": "tablespoon", "t": "teaspoon", "C": "cup", "c": "cup", "L": "litre", "l": "litre", "g": "gram"}
_BY_NAME = {measure.name: measure for measure in MEASURES}
_BY_SPELLING = {
    spelling: measure
    for measure in MEASURES
    for label in (measure.name, measure.abbreviation, *measure.spellings)
    if label is not None and len(label) > 1
    for spelling in (label, f"{label}s", pluralise(label))
}


def find_measure(word: str) -> Measure | None:
    """The unit that `word` spells, a full stop after it or not."""
    word = word.removesuffix(".")
    if len(word) == 1:
        return _BY_NAME.get(_LETTERS.get(word, ""))
    return _BY_SPELLING.get(word.lower())
