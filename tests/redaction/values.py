"""Values that must not be kept, made from a seed: of many countries, brands and spellings."""

import random
from collections.abc import Callable

Chance = random.Random


def digits(chance: Chance, layout: str) -> str:
    """`layout` with every `d` a digit, `n` one of 2 to 9, `m` one of 6 to 9; all else as it is."""
    ranges = {"d": "0123456789", "n": "23456789", "m": "6789"}
    return "".join(chance.choice(ranges[mark]) if mark in ranges else mark for mark in layout)


PHONES = (
    # North America
    "(ndd) ndd-dddd", "ndd-ndd-dddd", "ndd.ndd.dddd", "ndd ndd dddd", "1-ndd-ndd-dddd", "+1 ndd ndd dddd",
    "+1 (ndd) ndd-dddd", "+1nddndddddd", "(ndd)ndd-dddd", "1 (ndd) ndd-dddd", "+1-ndd-ndd-dddd", "1 ndd ndd dddd",
    # United Kingdom, Ireland
    "020 7ddd dddd", "+44 20 7ddd dddd", "07ddd dddddd", "+44 7ddd dddddd", "+44 (0)20 7ddd dddd", "(0161) 4dd dddd",
    "0044 7ddd dddddd", "085 ddd dddd", "+353 85 ddd dddd", "07ddd ddd ddd",
    # Germany, Austria, Switzerland
    "030 ddddddd", "030/ddddddd", "0151 dddddddd", "+49 151 dddddddd", "+49 (0)89 ddddddd", "0664 ddddddd", "+43 664 ddddddd",
    "079 ddd dd dd", "+41 79 ddd dd dd", "044 ddd dd dd", "0176-dddddddd", "0049 30 ddddddd",
    # France, Belgium, Netherlands
    "06 dd dd dd dd", "01.dd.dd.dd.dd", "+33 6 dd dd dd dd", "+33 (0)6 dd dd dd dd", "0612dddddd", "0470 dd dd dd", "+32 470 dd dd dd",
    "06-dddddddd", "020-ddddddd", "+31 6 dddddddd", "0033 6 dd dd dd dd",
    # Spain, Portugal, Italy, Greece
    "6dd dd dd dd", "6dd ddd ddd", "91 ddd dd dd", "+34 6dd ddd ddd", "+34 91 ddd dd dd", "912 ddd ddd", "+351 912 ddd ddd",
    "347 ddddddd", "347 ddd dddd", "+39 347 ddd dddd", "06 dddd dddd", "+39 06 dddd dddd", "694 ddd dddd", "+30 694 ddd dddd",
    # The north and the east
    "070-ddd dd dd", "+46 70 ddd dd dd", "4dd dd ddd", "+47 4dd dd ddd", "22 dd dd dd", "20 dd dd dd", "+45 20 dd dd dd",
    "040 ddddddd", "+358 40 ddd dddd", "501 ddd ddd", "+48 501 ddd ddd", "+420 601 ddd ddd", "8 (912) ddd-dd-dd",
    "+7 912 ddd-dd-dd", "+380 67 ddd dd dd", "0532 ddd dd dd", "+90 532 ddd dd dd",
    # Further away
    "(11) 9dddd-dddd", "+55 11 9dddd-dddd", "55 dddd dddd", "+52 55 dddd dddd", "+54 9 11 dddd-dddd", "mdddd ddddd", "+91 mdddd ddddd",
    "+91-mddddddddd", "138 dddd dddd", "+86 138 dddd dddd", "090-dddd-dddd", "03-dddd-dddd", "+81 90-dddd-dddd", "010-dddd-dddd",
    "+82 10-dddd-dddd", "04dd ddd ddd", "(02) 9ddd dddd", "+61 4dd ddd ddd", "021 ddd dddd", "+64 21 ddd dddd", "082 ddd dddd",
    "+27 82 ddd dddd", "052-ddd-dddd", "+972 52-ddd-dddd", "9ddd dddd", "+65 9ddd dddd",
)  # fmt: skip
BARE_PHONES = (
    "nddndddddd",
    "07ddddddddd",
    "0612dddddd",
    "015ddddddddd",
    "6dddddddd",
    "mddddddddd",
    "13ddddddddd",
    "ndddddd",
)
CUES = (
    "call me at {}", "Call {} please", "my number is {}", "phone: {}", "tel. {}", "you can reach me on {}", "text me at {}",
    "mobile {}", "whatsapp {}", "my cell is {}", "Ring me on {} after six", "contact: {}", "my new phone number is {}", "fax {}",
)  # fmt: skip
PLAIN = (
    "{}", "I'm at {} all day", "ok, {} then", "it's {}", "Anna, {}, Tuesday", "send it to {} please", "here: {}", "({})",
    "use {} instead", "Sure - {}.", "{} is mine", "Jo {}",
)  # fmt: skip
_BRANDS = (
    ("4", 16, "4-4-4-4"), ("4", 16, "4-4-4-4"), ("51", 16, "4-4-4-4"), ("55", 16, "4-4-4-4"), ("2223", 16, "4-4-4-4"),
    ("2720", 16, "4-4-4-4"), ("34", 15, "4-6-5"), ("37", 15, "4-6-5"), ("6011", 16, "4-4-4-4"), ("65", 16, "4-4-4-4"),
    ("644", 16, "4-4-4-4"), ("305", 14, "4-6-4"), ("36", 14, "4-6-4"), ("3530", 16, "4-4-4-4"), ("3589", 16, "4-4-4-4"),
    ("62", 16, "4-4-4-4"), ("62", 19, "4-4-4-4-3"), ("6759", 16, "4-4-4-4"), ("5018", 16, "4-4-4-4"), ("4", 19, "4-4-4-4-3"),
)  # fmt: skip
_IBAN_LAYOUTS = {
    "DE": "dddddddddddddddddd", "GB": "WESTdddddddddddddd", "FR": "ddddddddddddddddddddddd", "ES": "dddddddddddddddddddd",
    "IT": "Xdddddddddddddddddddddd", "NL": "ABNAdddddddddd", "BE": "dddddddddddd", "CH": "ddddddddddddddddd",
    "AT": "dddddddddddddddd", "PT": "ddddddddddddddddddddd", "IE": "AIBKdddddddddddddd", "PL": "dddddddddddddddddddddddd",
    "SE": "dddddddddddddddddddd", "NO": "ddddddddddd", "DK": "dddddddddddddd", "FI": "dddddddddddddd", "GR": "ddddddddddddddddddddddd",
    "MT": "MALTddddddddddddddddddddddd", "SA": "dddddddddddddddddddd", "TR": "dddddddddddddddddddddd", "AE": "ddddddddddddddddddd",
}  # fmt: skip
_NAMES = (
    "jo",
    "anna.smith",
    "bob",
    "maria-lopez",
    "li",
    "k.o.brien",
    "sven_99",
    "x1",
    "Dr.Who",
    "chef42",
    "o'neil",
    "ana+news",
)
_HOSTS = (
    "example.com", "mail.example.co.uk", "web.de", "gmail.com", "sub.domain.example.org", "uni-bonn.de", "x.io", "kitchen.recipes",
    "EXAMPLE.COM", "my-company.museum", "a1.net",
)  # fmt: skip


def luhn(start: str, length: int, chance: Chance) -> str:
    body = start + "".join(chance.choice("0123456789") for _ in range(length - len(start) - 1))
    for check in "0123456789":
        total = 0
        for place, digit in enumerate(reversed(body + check)):
            doubled = int(digit) * (2 if place % 2 else 1)
            total += doubled - 9 if doubled > 9 else doubled
        if total % 10 == 0:
            return body + check
    raise AssertionError(start)


def phone(chance: Chance) -> str:
    return digits(chance, chance.choice(PHONES))


def cued_phone(chance: Chance) -> str:
    return digits(chance, chance.choice((*PHONES, *BARE_PHONES)))


def card(chance: Chance) -> str:
    start, length, layout = chance.choice(_BRANDS)
    number = luhn(start, length, chance)
    separator = chance.choice((" ", " ", "-", "", ""))
    if not separator:
        return number
    pieces, at = [], 0
    for size in map(int, layout.split("-")):
        pieces.append(number[at : at + size])
        at += size
    return separator.join(pieces)


def iban(chance: Chance) -> str:
    country = chance.choice(list(_IBAN_LAYOUTS))
    body = digits(chance, _IBAN_LAYOUTS[country])
    numeric = int("".join(str(int(letter, 36)) for letter in body + country + "00"))
    whole = f"{country}{98 - numeric % 97:02d}{body}"
    style = chance.random()
    if style < 0.5:
        return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return whole.lower() if style < 0.6 else whole


def ssn(chance: Chance) -> str:
    area = chance.choice([n for n in range(1, 900) if n != 666])
    separator = chance.choice(("-", "-", " "))
    return f"{area:03d}{separator}{chance.randint(1, 99):02d}{separator}{chance.randint(1, 9999):04d}"


def ip(chance: Chance) -> str:
    if chance.random() < 0.65:
        return ".".join(str(chance.randint(0 if place else 1, 255)) for place in range(4)) + chance.choice(
            ("", "", ":8080", "/24")
        )
    groups = [f"{chance.getrandbits(16):x}" for _ in range(8)]
    if chance.random() < 0.5:
        return "2001:db8::" + ":".join(groups[:2])
    return ":".join(groups)


def email(chance: Chance) -> str:
    return f"{chance.choice(_NAMES)}{chance.choice(('', '', chance.randint(1, 999)))}@{chance.choice(_HOSTS)}"


_WIDE = {ord(character): chr(ord(character) + 0xFEE0) for character in "0123456789@.-+"}
_MATHEMATICAL = {ord(str(digit)): chr(0x1D7CE + digit) for digit in range(10)}
_ARABIC = {ord(str(digit)): chr(0x0660 + digit) for digit in range(10)}


def _sprinkled(value: str, chance: Chance) -> str:
    return "".join(character + chance.choice(("", "", "\u200b", "\u200d", "\u00ad")) for character in value)


NUMBER_DISGUISES: tuple[Callable[[str, Chance], str], ...] = (
    lambda value, _: value.translate(_WIDE),
    lambda value, _: value.translate(_MATHEMATICAL),
    lambda value, _: value.translate(_ARABIC),
    _sprinkled,
    lambda value, _: value.replace("-", "\u2011").replace(" ", "\u00a0"),
    lambda value, _: value.replace("-", "\u2013").replace(" ", "\u2009"),
    lambda value, _: value.replace("-", "\u2212").replace(" ", "\u202f"),
)
EMAIL_DISGUISES: tuple[Callable[[str, Chance], str], ...] = (
    lambda value, _: value.translate(_WIDE),
    _sprinkled,
    lambda value, _: value.replace("@", " (at) ").replace(".", " (dot) "),
    lambda value, _: value.replace("@", "[at]").replace(".", "[dot]"),
    lambda value, _: value.replace("@", " at ").replace(".", " dot "),
    lambda value, _: value.replace("@", "&#64;"),
    lambda value, _: value.replace("@", "%40"),
    lambda value, _: value.replace("@", " @ "),
    lambda value, _: value.replace("@", "(at)"),
    lambda value, _: value.replace("@", " [AT] "),
)
