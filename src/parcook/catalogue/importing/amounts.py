"""Amounts as people write them: `1 1/2`, `½`, `1,5`, `2-3`, `a dozen`, `half a`."""

import re
import unicodedata

# Put before what was a single character, so that `1½` becomes `1 1/2`.
FRACTIONS = {
    code: f" {unicodedata.normalize('NFKD', chr(code)).replace('⁄', '/')}"
    for code in (0xBC, 0xBD, 0xBE, *range(0x2150, 0x215F))
}

_FRACTION = r"\d{1,4} ?/ ?\d{1,4}"
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
NUMBER = (
    rf"(?:(?:\d{{1,4}}(?: and | & | ))?{_FRACTION}|{_THOUSANDS.pattern}|\d{{0,9}}[.,]\d{{1,6}}|0|[1-9]\d{{0,8}})"
    r"(?![\d%/]|[.,]\d)"
)
_RANGE = re.compile(rf"({NUMBER})(?: ?(?:-|–|—|to|or) ?({NUMBER}))?")
_BELOW_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS = {word: float(number) for number, word in enumerate(_BELOW_TEN, 1)} | {
    "a": 1.0,
    "an": 1.0,
    "half": 0.5,
    "quarter": 0.25,
    "couple": 2.0,
    "dozen": 12.0,
}
_WORD = re.compile(
    rf"(?:an? |one )?({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?P<half> and a half)?(?![\w-])"
    r"(?!(?: and| &) half)(?: of(?: an?)?(?= )| an?(?= ))?",
    re.IGNORECASE,
)
_HALF_DOZEN = re.compile(r" ?(?:dozen|doz\.?)(?= |$)", re.IGNORECASE)
_UNCOUNTED = re.compile(
    r"(?:(?:just )?a (?:few|little|bit)|some|several|few|enough|plenty)(?: of)?(?= )", re.IGNORECASE
)
_BEFORE = re.compile(
    r"(?:(?:about|approximately|approx\.?|circa|ca\.?|roughly|around|at least|up to|an additional|additional|another"
    r"|scant|generous|heaping|heaped) )+(?=\S)",
    re.IGNORECASE,
)


def leading_amount(text: str) -> tuple[float | None, str] | None:
    """The amount that `text` starts with, and the rest; None if it starts with none.

    Of a range it is the lower bound; null where the text says that there is some. The text has single spaces, and
    the characters of `FRACTIONS` are replaced.
    """
    if before := _BEFORE.match(text):
        text = text[before.end() :]
    if found := _RANGE.match(text):
        amount, rest = _lower(found[1], found[2]), text[found.end() :]
    elif few := _UNCOUNTED.match(text):
        return None, text[few.end() :]
    elif word := _WORD.match(text):
        amount, rest = _WORDS[word[1].lower()], text[word.end() :]
        amount += 0.5 if word["half"] else 0
    else:
        return None
    rest = rest.removeprefix(" or more")
    if dozen := _HALF_DOZEN.match(rest):
        amount, rest = None if amount is None else amount * 12, rest[dozen.end() :]
    return amount, rest


def _lower(first: str, second: str | None) -> float | None:
    one = _value(first)
    if one is None or second is None:
        return one
    other = _value(second)
    if other is None:
        return None
    if "/" in second and other < 1 <= one:  # 1-1/2 is one and a half
        return one + other
    return min(one, other)


def _value(number: str) -> float | None:
    if number.isdecimal():
        return float(number)
    if "/" in number:
        above, _, below = number.partition("/")
        *whole, above = re.findall(r"\d+", above)
        return sum(map(float, whole)) + float(above) / float(below) if float(below) else None
    if _THOUSANDS.fullmatch(number):
        return float(number.replace(",", ""))
    return float(number.replace(",", "."))
