"""What the words around a number say of it: that it is a telephone, a card, or something that is neither."""

import re
from typing import Literal

_LOOK_BACK = 40
# Named by these words, a number is something's, not somebody's: wherever they stand before a bare one …
_STRONG_ID = re.compile(
    r"(?<!\[)\b(?:order(?:s|ed)?|invoices?|isbn(?:-?1[03])?|issn|ean(?:-?(?:8|13))?|upc|gtin(?:-?1[234])?|barcodes?|skus?|asin|"
    r"tickets?|track(?:ing)?|cases?|serial|s/n|batch|lots?|receipt|booking|reservation|confirmation|transaction|"
    r"session|request|job|epoch|timestamp|ts|unix|doi|pmid|parcel|shipment|package|voucher|coupon|claim|cookbooks?|books?|"
    r"version|build|commit|lat|latitude|lon|long|longitude|zip|postcode|plz|cas|bestellung|bestellnummer|auftrag|"
    r"rechnung|commande|facture|pedido|factura|ordine|fattura|artikel(?:nummer)?)\b",
    re.I,
)
# … or only where they name it directly.
_WEAK_ID = re.compile(
    r"(?<!\[)\b(?:ref(?:erence)?|items?|products?|articles?|art|models?|ids?|recipes?|(?<!area )codes?|parts?|message|"
    r"conversation|accounts?|acct|customers?|member(?:ship)?|polic(?:y|ies)|page|pages|pp?|lines?|size|"
    r"user|profile|video|post|photo|image|file|po)\b",
    re.I,
)
# These say only that a number follows; what is numbered stands before them.
_MARK = re.compile(r"\b(?:numbers?|num|nos?|nr|nummer|n[uú]mero|num[eé]ro)\b|#|№|n[º°]", re.I)
_CUE = re.compile(
    r"(?<!\[)(?:\b(?:call(?:ed|ing|s)?|phone(?:s|d)?|phonenumber|phone_number|ph|phn|tel[ée]?|telephone|telefon\w*|tel[eé]fono|"
    r"t[eé]l[eé]phone|mobiles?|mobil|mob|cell|cellphone|text(?:ed|ing)?|sms|fax|whats ?app|signal|telegram|viber|"
    r"wechat|imessage|reach|ring|rang|dial|hotline|contact|landline|handy|handynummer|rufnummer|telefonnummer|m[oó]vil|celular|"
    r"portable|kontakt|ll[aá]m\w*|chiam\w*|appel\w*|ligue|liga|ruf\w*|bel|cellulare|handphone|voicemail|pager|"
    r"komórka|zadzwoń|puhelin|puh|tlf|tfn|mobilnr|gsm)\b|"
    r"\b(?:my|his|her|our|their|your|mein[e]?|mi|mon|mio|meu|min|mitt|mijn)\s+(?:new\s+|home\s+|work\s+)?"
    r"(?:number|digits|nummer|no|num|nr|n[uú]mero|num[eé]ro)\b|wa\.me/|τηλ\w*|тел\w*|моб\w*|звон\w*|номер|电话|手机|電話|携帯|전화|טלפון|هاتف|"
    r"☎|📞|📱|☏)",
    re.I,
)
_CARD_CUE = re.compile(
    r"(?<!\[)\b(?:cards?|visa|master ?card|amex|american express|discover|diners|jcb|union ?pay|maestro|credit|debit|"
    r"cvv|cvc|karte|kreditkarte|tarjeta|carte|carta|pay(?:ment)?|paid)\b",
    re.I,
)
_TELLABLE = re.compile(r"[^\W\d_]|[#№☎📞📱☏]")
Told = Literal["id", "phone", "card"]
_TELLING: tuple[tuple[Told, re.Pattern[str]], ...] = (
    ("id", _STRONG_ID),
    ("id", _WEAK_ID),
    ("phone", _CUE),
    ("card", _CARD_CUE),
)
# What may stand between the word and its number: `order number is 4155550123`, but not `recipe for 4155550123`.
_LINK = re.compile(
    r"(?:[\s:#№.=(-]|\b(?:numbers?|num|nos?|nr|nummer|n[uú]mero|ids?|codes?|is|was|time|ending|the|a|an)\b){0,12}", re.I
)
_UNIT = re.compile(
    r"\s{0,2}(?:°|º|%|‰|(?:k?g|mg|µg|mcg|kilos?|kilograms?|grams?|grammes?|ml|cl|dl|l|lit(?:er|re)s?|oz|ounces?|fl|lbs?|pounds?|cups?|"
    r"tbsps?|tablespoons?|tsps?|teaspoons?|k?cal(?:ories)?|kj|joules?|degrees?|deg|[cfk]|celsius|fahrenheit|min(?:ute)?s?|h|hrs?|"
    r"hours?|s|secs?|seconds?|ms|days?|weeks?|months?|years?|[cm]m|m|inch(?:es)?|ft|feet|watts?|w|people|persons?|servings?|"
    r"portions?|pieces?|pcs|slices?|eggs?|times|usd|eur|gbp|dollars?|euros?|pounds|views?|likes?|followers?|recipes?|users?|"
    r"bytes?|kb|mb|gb|rpm|ppm|iu|copies|residents|inhabitants|subscribers?|downloads?)\b)",
    re.I,
)
_MONEY = re.compile(r"(?:[$€£¥₹₩₽]|\b(?:usd|eur|gbp|chf|jpy|inr|rs)\.?)\s?$", re.I)
_ID_AFTER = re.compile(
    r"[\s,(]{0,3}(?:isbn|ean|upc|sku|barcode)\b|[\s,(]{0,3}(?:(?:is|was|=)\s)?(?:my|the|your|our|an?)\s(?:order|tracking|ticket|invoice|booking|confirmation|reference|"
    r"isbn|barcode|serial|case|recipe|item|product|epoch|transaction)\b",
    re.I,
)


def told_before(shadow: str, start: int, is_bare: bool = False) -> Told | None:
    """What the nearest telling word before `start` announces, in the same line and after what was found before.

    A word for something's number has to name it directly, unless the number `is_bare`, that is without any layout.
    """
    window = shadow[max(0, start - _LOOK_BACK) : start]
    window = window[max(window.rfind("\n"), window.rfind("\x00")) + 1 :]
    if not _TELLABLE.search(window):
        return None
    found = sorted((match.end(), told) for told, words in _TELLING for match in words.finditer(window))
    names = [(end, told) for end, told in found if told != "id" or _LINK.fullmatch(window, end)]
    if names:
        return names[-1][1]
    if any(_LINK.fullmatch(window, mark.end()) for mark in _MARK.finditer(window)):
        return "id"
    return "id" if is_bare and _STRONG_ID.search(window) else None


def told_after(shadow: str, end: int) -> Told | None:
    """The same of the words that follow: `4155550123 is my order number`."""
    return "id" if _ID_AFTER.match(shadow, end) else None


def has_unit(shadow: str, end: int) -> bool:
    """Whether what ends at `end` is counted in something: grams, minutes, people."""
    return _UNIT.match(shadow, end) is not None


def is_money(shadow: str, start: int) -> bool:
    """Whether what starts at `start` is a price."""
    return _MONEY.search(shadow, max(0, start - 5), start) is not None
