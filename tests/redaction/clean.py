"""Texts in which nothing is to be found: what looks like a number of somebody and is none."""

import random

Chance = random.Random
_TRAPS = (
    "barcode {ean}", "EAN: {ean}", "the code on the pack is {ean}", "UPC {upc}", "order {bare9}", "order number {bare10}",
    "Order #{bare10}", "order no. {bare12}", "ticket {bare8}", "tracking number {bare12}", "invoice {bare8}", "ref: {bare10}",
    "SKU {bare8}", "item {bare9}", "epoch {epoch}", "timestamp {epoch_ms}", "unix time {epoch}", "ISBN {isbn13}", "ISBN {isbn10}",
    "isbn-13: {isbn13_dashed}", "recipe id {bare9}", "recipe #{bare8}", "session {bare10}", "it costs ${price}", "€{price} for two",
    "{year} to {year}", "from {year}-{year}", "on {iso}", "{iso} at {time}", "{day_first}", "due {us_date}", "between {time} and {time}",
    "{iso}T{time}:00Z", "bake at {low}-{high} degrees", "{low} - {high} F", "add {grams} g flour", "{grams}g of sugar and {grams} ml milk",
    "about {million} calories a year", "{million} people", "{small} 1/2 cups", "1/2 cup, 3/4 tsp, 1/3 lb", "pages {page}-{page_after}",
    "version {version}", "v{version}", "app version {version} crashed", "iOS {version}", "coordinates {latitude}, {longitude}",
    "{latitude},{longitude}", "@chef_{name}", "thanks @{name}!", "2 @ $5", "3 eggs @ room temperature", "ratio 1:2:3", "mix 3:2:1",
    "a ratio of {small}:{small}", "steps 1. 2. 3. 4. 5. 6. 7. 8.", "1 2 3 4 5 6 7 8 9 10", "5, 10, 15, 20, 25, 30",
    "10 15 20 25 30 minutes", "set {small} timers: 10 20 30 40", "Calories {grams} Fat {small}g Carbs {small}g Protein {small}g",
    "Energy 1{grams} kJ / {grams} kcal", "pi is 3.14159265", "0.333333333 cups", "{small}x{small} inch pan", "a 9x13 pan, 350F, 45 minutes",
    "{grams} {grams} {small}", "Preheat to 350°F (175°C)", "serves {small}-{small}", "look at allrecipes.com", "meet me at example.com",
    "I looked at bbc.co.uk/food", "std::vector", "10:30:45", "room 4{bare3}", "https://example.com/recipes/{bare9}",
    "https://example.com/r?id={bare10}", "the {year}s", "call it {small}", "phone 7 is out", "text 2 of 3", "{small} cups @ 240 ml each",
    "1,234,567", "{million}", "1.234.567,89 Euro", "no. {small}", "# {small}", "section 1.2.3.4", "DOI 10.1000/{bare6}",
)  # fmt: skip
_WORDS = (
    "Beat the eggs with the sugar until pale.", "Simmer for 20 minutes, stirring now and then.", "What can I cook with leeks?",
    "Use 250 g butter at room temperature.", "It should be 165 degrees inside.", "Heat 2 tablespoons oil in a 12-inch skillet.",
    "Can I freeze it? For how long?", "Let it rest for 10-15 minutes.", "Add 1 (14.5 ounce) can diced tomatoes.", "Thanks, see you!",
    "Bake at 180 °C for 35 to 40 minutes.", "1 1/2 cups flour, 3/4 cup milk, 2 eggs", "Makes 24 cookies, 120 calories each",
)  # fmt: skip


def _barcode(body: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def _some(chance: Chance, count: int) -> str:
    return str(chance.randint(1, 9)) + "".join(chance.choice("0123456789") for _ in range(count - 1))


def clean_text(chance: Chance) -> str:
    """A text with a trap in it, or none."""
    if chance.random() < 0.3:
        return chance.choice(_WORDS)
    epoch = chance.randint(1_500_000_000, 1_790_000_000)
    page = chance.randint(1, 400)
    isbn = _barcode("978" + _some(chance, 9))
    values = {
        "ean": _barcode(chance.choice(("4", "5", "8", "0", "3")) + _some(chance, 11)),
        "upc": _barcode("0" + _some(chance, 10)),
        "epoch": epoch,
        "epoch_ms": epoch * 1000 + chance.randint(0, 999),
        "isbn13": isbn,
        "isbn13_dashed": f"{isbn[:3]}-{isbn[3]}-{isbn[4:8]}-{isbn[8:12]}-{isbn[12]}",
        "isbn10": "0" + _some(chance, 9),
        "price": f"{chance.randint(1, 2000):,}.{chance.randint(0, 99):02d}",
        "year": chance.randint(1950, 2030),
        "iso": f"20{chance.randint(10, 29)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "day_first": f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.20{chance.randint(10, 29)}",
        "us_date": f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/20{chance.randint(10, 29)}",
        "time": f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}",
        "low": chance.randint(120, 200),
        "high": chance.randint(201, 450),
        "grams": chance.randint(10, 999),
        "million": chance.randint(1_000_000, 9_999_999),
        "small": chance.randint(2, 12),
        "page": page,
        "page_after": page + chance.randint(1, 40),
        "version": f"{chance.randint(1, 19)}.{chance.randint(0, 20)}.{chance.randint(0, 9)}.{chance.randint(0, 999)}",
        "latitude": f"{chance.uniform(-90, 90):.6f}",
        "longitude": f"{chance.uniform(-180, 180):.6f}",
        "name": chance.choice(("jo", "anna_k", "bob99", "kitchen")),
        **{f"bare{count}": _some(chance, count) for count in (3, 6, 8, 9, 10, 12)},
    }
    text = chance.choice(_TRAPS).format(**values)
    return f"{chance.choice(_WORDS)} {text}" if chance.random() < 0.4 else text
