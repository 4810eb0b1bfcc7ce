"""What people write for the `@` and the dots of an address: `jo (at) example dot com`, `jo-at-example-dot-com`."""

import re

DOT_WORD = (
    r"\s{0,2}[\[({<]\s{0,2}(?:dot|punkt|punto|point|\.)\s{0,2}[\])}>]\s{0,2}|\s(?:dot|punkt|punto)\s|"
    r"\s?[-_*](?:dot|punkt|punto)[-_*]\s?"
)
DOT = re.compile(rf"\.|{DOT_WORD}", re.I)
SPACED_DOT = re.compile(r"\s?\.\s?")
AT = re.compile(
    r"@+|\s{0,2}[\[({<]\s{0,2}(?:at|ät|arroba|@)\s{0,2}[\])}>]\s{0,2}|\s(?:at|arroba)\s(?=\w)|"
    r"\s?[-_*](?:at|arroba)[-_*]\s?",
    re.I,
)
_HINT = re.compile(
    r"[\[({<]\s{0,2}(?:at|ät|arroba|@)\s{0,2}[\])}>]|[-_*](?:at|arroba)[-_*]|\barroba\b|"
    r"\bat\s[^\W_][\w-]{0,62}(?:\s{0,2}[\[({<]\s{0,2}dot|[\s_*-](?:dot|punkt|punto)[\s_*-]|\.\w)",
    re.I,
)
_CUE = re.compile(r"(?:e-?mail|mail|write|contact|reach|address|correo|schreib\w*)\b[^\n]{0,30}$", re.I)
_CUE_REACH = 60
_MAIL_HOST = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|icloud|proton(?:mail)?|pm|aol|gmx|web|mail|yandex|zoho|"
    r"fastmail|t-online|orange|free|libero|wp|qq|163|126)\.\w{2,}",
    re.I,
)
# Words before ` at example.com` that are no name of a mailbox: `look at`, `mail me at`, `recipes at`.
_NO_LOCAL = frozenset(
    [
        "me",
        "us",
        "them",
        "him",
        "her",
        "it",
        "you",
        "is",
        "are",
        "was",
        "be",
        "look",
        "looked",
        "looking",
        "available",
        "found",
        "find",
        "here",
        "check",
        "visit",
        "see",
        "seen",
        "out",
        "up",
        "account",
        "email",
        "e-mail",
        "mail",
        "address",
        "sign",
        "register",
        "registered",
        "shop",
        "order",
        "ordered",
        "recipe",
        "recipes",
        "more",
        "info",
        "work",
        "works",
        "home",
        "based",
        "stay",
        "meet",
        "live",
        "online",
        "posted",
        "page",
        "site",
        "website",
        "blog",
        "buy",
        "bought",
        "sold",
        "read",
        "support",
        "team",
        "arrive",
    ]
)


def may_be_spoken(text: str) -> bool:
    """Whether `text` may hold an address without a plain `@`."""
    return _HINT.search(text) is not None


def is_spoken(shadow: str, start: int, end: int, domain_end: int, dots: list[str]) -> bool:
    """Whether the bare `at` after the word from `start` to `end` joins an address: not in `look at example.com`."""
    local = shadow[start:end].strip()
    is_time = any(word.isdigit() for word in shadow[end:domain_end].split(".")[0].split()[-1:])  # `at 7.30 pm`
    if local.lower() in _NO_LOCAL or AT.match(shadow, domain_end) or is_time:
        return False
    if any(dot != "." for dot in dots) or _MAIL_HOST.search(shadow, end, domain_end):
        return True
    has_marks = any(mark in "._+0123456789" for mark in local)
    return has_marks or _CUE.search(shadow, max(0, start - _CUE_REACH), start) is not None
