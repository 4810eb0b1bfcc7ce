"""A line of a recipe, as people write it, taken apart: `2 x 400 g tins tomatoes, drained` is 800 g of tomatoes.

The rules, for what can be read in more than one way:

- Of a range the lower bound counts, of two measures of the same thing the first; measures that are to be added
  (`1 cup plus 2 tablespoons`, `1 lb 5 oz`) are.
- What stands in brackets is left out: `1 (8 ounce) package` is one package. Outside of brackets weight and volume
  go before the packing: `a 14-ounce can` is 14 ounces.
- The name ends at the first comma, ` - ` or `for …`; words that say how large it is or how it is cut are not part
  of it, except after a can or a jar, where they say what was bought.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from parcook.catalogue.importing.amounts import FRACTIONS, NUMBER, leading_amount
from parcook.catalogue.importing.line_names import EDGES, find_name, without_cut
from parcook.catalogue.importing.measures import Kind, Measure, find_measure
from parcook.catalogue.importing.plurals import singularise
from parcook.catalogue.importing.values import MAX_AMOUNT

MAX_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class IngredientLine:
    """What a line says. `unit` is the name of a unit; `full_name` is `name` with the words on size and cut."""

    amount: float | None
    unit: str | None
    name: str
    full_name: str


@lru_cache(maxsize=50_000)
def split_line(text: str) -> IngredientLine | None:
    """Take `text` apart; None if it names no ingredient. Any text may come; its first 1,000 characters count."""
    line = _plain(text)
    if not line or line[0] == "!" or (line[-1] == ":" and not line[0].isdigit()):  # the heading of a part, of a column
        return None
    if (part := _PART_OF.fullmatch(line)) and (fruit := _split(part["whole"])):
        name = f"{singularise(fruit.name)} {part['part'].lower()}"
        return IngredientLine(fruit.amount, fruit.unit, name, name)
    return _split(line)


def read_amount(text: str) -> float | None:
    """The number that all of `text` is: `1 1/2`, `½`, `2-3` (the lower), `a dozen`; None if it is not one."""
    amount, rest = leading_amount(_plain(text)) or (None, "")
    return None if rest.strip() or amount is None or amount > MAX_AMOUNT else amount


_CHARACTERS = FRACTIONS | str.maketrans(
    dict.fromkeys(range(0x20), " ") | dict(zip("⁄∕−‐‑×\xa0", "//---x ", strict=True))
)
_NOTE = re.compile(r"<ref\b[^<]*(?:/>|</ref>|$)", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BRACKETS = re.compile(r"\([^()]*(?:\)|$)|\[[^][]*(?:\]|$)|\{[^{}]*(?:\}|$)")
_BULLET = re.compile(r"[\s\-–—*•·▢☐□●◦|~+>]+(?=\S)")
_FLUID_OUNCE = re.compile(r"\bfl(?:uid|\.)?\s*(?:oz|ounce)s?\b", re.IGNORECASE)
_TO_TASTE = re.compile(r"\b(?:or )?(?:more )?(?:to taste|as (?:needed|required|desired))\b", re.IGNORECASE)
_PART_OF = re.compile(
    r"(?:(?:the|fresh|freshly|squeezed|grated|finely|thinly|pared|strained) )*"
    r"(?P<part>(?:juice|zest|rind|peel|whites?|yolks?)(?: (?:and|&) (?:juice|zest|rind|peel))?)"
    r" (?:of|from) (?P<whole>.+)",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    text = html.unescape(text[:MAX_CHARACTERS])
    if "<" in text:
        text = _TAG.sub("", _NOTE.sub("", text))
    text = text.translate(_CHARACTERS)
    while (fewer := _BRACKETS.sub(" ", text)) != text:
        text = fewer
    # The questions before are for speed: there may be some 100,000 lines.
    lowered = text.lower()
    if "fl" in lowered:
        text = _FLUID_OUNCE.sub("floz", text)
    if "taste" in lowered or "as " in lowered:
        text = _TO_TASTE.sub(" ", text)
    text = " ".join(text.split())
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def _split(line: str) -> IngredientLine | None:
    if measured := _measure(line):
        return _measure_first(line, *measured)
    return _unit_first(line) or _measure_last(line) or _named(None, None, line)


_UNIT_WORD = re.compile(r" ?-?([^\W\d_]+\.?)(?=[\s,;/|+&]|$|-(?!\w))")
_SIZES = re.compile(
    r" ?(?:(?:(?:extra[ -])?(?:large|small|medium|big)(?:[ -]sized?)?"
    r"|heaping|heaped|level|rounded|scant|generous|good|heavy|thin|thick|long|full) ){1,2}",
    re.IGNORECASE,
)
_EACH = re.compile(r" (?:ea\.?|each)(?= |$)", re.IGNORECASE)
_TIMES = re.compile(rf" ?x ?(?={NUMBER})(?!\d+ ?x)| (?=\d)", re.IGNORECASE)
_MORE = re.compile(
    r" ?(?:(?P<added>plus|\+|and|&)|(?P<instead>/|\||=|or|to|-|–))? ?(?=[\d.]|(?<=[a-z] )(?:an?|one|half) )",
    re.IGNORECASE,
)
_OR = re.compile(r" ?or(?= )", re.IGNORECASE)
_SIZE_FIRST = re.compile(r"[\d./ ]+-")
_MEASURED = (Kind.VOLUME, Kind.MASS, Kind.LENGTH)


def _measure(line: str) -> tuple[float | None, Measure | None, str] | None:
    """Amount and unit that `line` starts with, and the rest; None if it starts with no amount."""
    if (counted := leading_amount(line)) is None:
        return None
    amount, rest = counted
    if each := _EACH.match(rest):
        return amount, None, rest[each.end() :]
    if amount is not None and (times := _TIMES.match(rest)) and (inner := leading_amount(rest[times.end() :])):
        size = _unit(inner[1])  # 2 x 400 g, or 2 14-ounce
        if size and size[0].kind in _MEASURED and inner[0] is not None:
            if size[0].kind is Kind.LENGTH:
                return amount, None, size[1]
            return amount * inner[0], *size
    if found := _unit(rest):
        return amount, *found
    if rest[:3].lower() == " x ":
        rest = rest[2:]
    return (amount, None, rest) if not rest or rest[0] in " ,;" else None


def _unit(rest: str) -> tuple[Measure, str] | None:
    """The unit that `rest` starts with, words on its size before it or not, and what follows."""
    if sizes := _SIZES.match(rest):
        rest = " " + rest[sizes.end() :]
    word = _UNIT_WORD.match(rest)
    measure = find_measure(word[1]) if word else None
    return (measure, rest[word.end() :]) if word and measure else None


def _measure_first(line: str, amount: float | None, measure: Measure | None, rest: str) -> IngredientLine | None:
    if measure is None:
        return _named(amount, None, rest)
    if measure.kind is Kind.LENGTH and _SIZE_FIRST.match(line) and not _packing(rest):
        return _named(None, None, rest)  # 9-inch pie crust
    while more := _MORE.match(rest):
        follows = _measure(rest[more.end() :])
        if follows is None or follows[0] is None or follows[1] is None:
            break
        if amount is not None and measure.kind is follows[1].kind and measure.size and follows[1].size:
            added = follows[0] * follows[1].size
            if more["added"] or (not more["instead"] and added < measure.size):
                amount = round(amount + added / measure.size, 4)
        rest = follows[2]
    if (other := _OR.match(rest)) and (found := _packing(rest[other.end() :])):  # can or bottle
        return _named(amount, measure, found[1])
    if measure.kind in _MEASURED and (found := _packing(rest)):
        return _named(amount, measure, found[1], packing=found[0])
    if measure.name == "clove" and not rest:
        return _named(amount, None, "cloves")
    return _named(amount, measure, rest)


def _packing(rest: str) -> tuple[Measure, str] | None:
    """The packing, or the shape, that `rest` starts with, and what follows."""
    found = _unit(rest)
    return found if found and found[0].kind in (Kind.PACKING, Kind.COUNT) and found[1].strip() else None


def _unit_first(line: str) -> IngredientLine | None:
    """`Pinch of salt`, `drops of bitters`."""
    start, of, rest = line.partition(" of ")
    found = _unit(f" {start}") if of and len(start) > 1 else None
    if not found or found[1]:
        return None
    return _named(None if start.endswith("s") and found[0].name != "glass" else 1.0, found[0], rest)


_LAST = re.compile(r" ?([:–—,-]|\bx\b)? ?(?<!\d)(?<!\d[ ./,])(?=[\d.])")


def _measure_last(line: str) -> IngredientLine | None:
    """`Butter 100 g`, `Eggs: 2`, `Rice - 2 cups`."""
    for place in _LAST.finditer(line):
        found = _measure(line[place.end() :])
        if place.start() and found and not found[2].strip(" .") and (found[1] or place[1]):
            return _named(found[0], found[1], line[: place.start()])
    return None


_LAST_UNITS = ("stalk", "sprig", "slice", "head", "bulb", "wedge")


def _named(
    amount: float | None, measure: Measure | None, rest: str, packing: Measure | None = None
) -> IngredientLine | None:
    """The line with the name that `rest` starts with; None if there is none."""
    full_name = find_name(rest)
    if not any(map(str.isalpha, full_name)):
        return None
    words = full_name.split()
    if measure is None and amount is not None and len(words) > 1:  # 2 garlic cloves
        last = find_measure(words[-1])
        if last and (last.name in _LAST_UNITS or (last.name == "clove" and words[-2].lower() == "garlic")):
            measure, words = last, words[:-1]
            full_name = " ".join(words)
    if not {"can", "jar"} & {thing.name for thing in (measure, packing) if thing}:
        words = without_cut(words)
    if amount is not None and amount > MAX_AMOUNT:
        amount = None
    return IngredientLine(amount, measure.name if measure else None, " ".join(words).strip(EDGES), full_name)
