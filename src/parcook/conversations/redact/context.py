"""What the words around a number say of it: that it is a telephone, a card, or something that is neither."""

import re
from typing import Literal

_LOOK_BACK = 40
_ID_WORD = re.compile(
    r"(?<!\[)\b(?:order(?:s|ed)?|invoices?|isbn(?:-1[03])?|issn|ean(?:-?(?:8|13))?|upc|gtin(?:-?1[234])?|barcodes?|skus?|asin|"
    r"ref(?:erence)?|tickets?|track(?:ing)?|cases?|items?|products?|articles?|art|models?|serial|s/n|batch|lots?|ids?|nr|no|"
    r"recipes?|codes?|part|receipt|booking|reservation|confirmation|transaction|session|message|conversation|epoch|"
    r"timestamp|unix|doi|pmid|parcel|shipment|voucher|coupon|claim|account|acct|customer|member(?:ship)?|policy|"
    r"page|pages|pp|lat|latitude|lon|long|longitude|version|build|cas)\b|#|№",
    re.I,
)
_CUE = re.compile(
    r"(?<!\[)(?:\b(?:call(?:ed|ing|s)?|phones?|tel|telephone|telefon\w*|tel[eé]fono|t[eé]l[eé]phone|mobiles?|mob|cell|"
    r"cellphone|text(?:ed|ing)?|sms|fax|whats ?app|signal|telegram|viber|reach|ring|rang|dial|hotline|contact|landline|"
    r"handy|m[oó]vil|celular|portable|kontakt|ll[aá]ma\w*|chiama\w*|appel\w*|ligue|ruf\w*|bel|numero|n[uú]mero|num[eé]ro|"
    r"cellulare|handphone|voicemail|extension)\b|"
    r"\b(?:my|his|her|our|their|your|the)\s+(?:new\s+|home\s+|work\s+)?(?:number|digits)\b|wa\.me/|\btel:|☎|📞|📱)",
    re.I,
)
_CARD_CUE = re.compile(
    r"(?<!\[)\b(?:cards?|visa|master ?card|amex|american express|discover|diners|jcb|union ?pay|maestro|credit|debit|"
    r"cvv|cvc|karte|tarjeta|carte|carta|pay(?:ment)?)\b",
    re.I,
)
Told = Literal["id", "phone", "card"]
_TELLING: tuple[tuple[Told, re.Pattern[str]], ...] = (("id", _ID_WORD), ("phone", _CUE), ("card", _CARD_CUE))
# What may stand between the word and its number: `order number is 4155550123`, but not `recipe for 4155550123`.
_ID_LINK = re.compile(r"(?:[\s:#.=(-]|\b(?:numbers?|num|no|nr|ids?|codes?|is|was|time)\b){0,12}", re.I)
_UNIT = re.compile(
    r"\s{0,2}(?:°|º|%|‰|(?:k?g|mg|µg|mcg|kilos?|kilograms?|grams?|grammes?|ml|cl|dl|l|lit(?:er|re)s?|oz|ounces?|fl|lbs?|pounds?|cups?|"
    r"tbsps?|tablespoons?|tsps?|teaspoons?|k?cal(?:ories)?|kj|joules?|degrees?|deg|[cfk]|celsius|fahrenheit|min(?:ute)?s?|h|hrs?|"
    r"hours?|s|secs?|seconds?|ms|days?|weeks?|months?|years?|[cm]m|m|inch(?:es)?|ft|feet|watts?|w|people|persons?|servings?|"
    r"portions?|pieces?|pcs|slices?|eggs?|times|usd|eur|gbp|dollars?|euros?|pounds|views?|likes?|followers?|recipes?|users?|"
    r"bytes?|kb|mb|gb|rpm|ppm|iu)\b)",
    re.I,
)
_MONEY = re.compile(r"[$€£¥₹₩₽]\s?$|\b(?:usd|eur|gbp|chf|jpy|inr)\s?$", re.I)


def told_before(shadow: str, start: int) -> Told | None:
    """What the nearest telling word before `start` announces, in the same line and after what was found before."""
    window = shadow[max(0, start - _LOOK_BACK) : start]
    window = window[max(window.rfind("\n"), window.rfind("\x00")) + 1 :]
    found: list[tuple[int, Told]] = []
    for told, words in _TELLING:
        for match in words.finditer(window):
            found.append((match.end(), told))
    if not found:
        return None
    end, told = max(found)
    if told != "id":
        return told
    others = [other for _, other in sorted(found, reverse=True) if other != "id"]
    if others and window[end - 1] == "#":
        return others[0]  # a mark alone, as in `call #415…`
    is_named = _ID_LINK.fullmatch(window, end) is not None
    return "id" if is_named else others[0] if others else None


def has_unit(shadow: str, end: int) -> bool:
    """Whether what ends at `end` is counted in something: grams, minutes, people."""
    return _UNIT.match(shadow, end) is not None


def is_money(shadow: str, start: int) -> bool:
    """Whether what starts at `start` is a price."""
    return _MONEY.search(shadow, max(0, start - 5), start) is not None
