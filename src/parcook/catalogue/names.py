"""Names and texts: what is stored, and when two names are the same name.

A name is stored trimmed, with runs of white space (U+00A0 and its kin too) folded to one space, in NFC.
Two names are the same when their keys are: Unicode caseless matching (The Unicode Standard, section 3.13,
D145). Accents are significant here; `search_key` drops them.
"""

import unicodedata

MAX_NAME = 200

# Letters that people type without their stroke or ligature, and that Unicode does not decompose.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def clean_name(text: str) -> str:
    """`text` as it is stored. Raises `ValueError` when nothing is left, it is over-long or has control characters."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise ValueError("must not be empty")
    if len(name) > MAX_NAME:
        raise ValueError(f"must have at most {MAX_NAME} characters, has {len(name)}")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise ValueError("must not contain control characters or lone surrogates")
    return name


def clean_text(text: str) -> str:
    """`text` unchanged. Raises `ValueError` for NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold."""
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must not contain lone surrogates")
    return text


def name_key(name: str) -> str:
    """The key under which `name` is unique; `name` need not be clean."""
    folded = unicodedata.normalize("NFD", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFC", folded)


def search_key(text: str) -> str:
    """`text` without case and accents, for finding: compatibility-decomposed, case-folded, marks dropped.

    Cut to `MAX_NAME` characters, as some decompose into eighteen and an index row has to hold it.
    """
    # Before, too: some capitals are only found by decomposing, as in '℡' or a mathematical 'A'.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.translate(_PLAIN).split())[:MAX_NAME]
