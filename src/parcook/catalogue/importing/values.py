"""Cell values of unknown type, made into what the catalogue holds; whatever is lost on the way is noted.

For lenient formats. SQLite keeps any value in any column, so each may be text, bytes, a number or null.
"""

import re
from typing import Any

from parcook.catalogue.importing.batch import ImportNotice
from parcook.catalogue.names import MAX_NAME, clean_name

# As in models.py; a test puts an imported record through its drafts.
MAX_PROSE = 50_000
MAX_LINE = 2_000
MAX_LABEL = 100
MAX_AMOUNT = 1e12

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SAID = 60


class RepairedText(str):
    """Text of which some bytes were no UTF-8 and were replaced by U+FFFD."""


def decode(content: bytes) -> str:
    """`content` as text, as `RepairedText` if it had to be mended."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return RepairedText(content.decode(errors="replace"))


class Values:
    """Makes values of cells; `where` names the row for the person who reads `notices`."""

    def __init__(self) -> None:
        self.notices: list[ImportNotice] = []

    def note(self, code: str, message: str) -> None:
        """Note that something was not taken over as it stands."""
        self.notices.append(ImportNotice(code, message))

    def name(self, value: Any, where: str) -> str | None:
        """A clean name; None, and the row is to be dropped, if there is none in it."""
        text = self._text(value, f"{where}: name") if isinstance(value, str | int | float) else None
        if text is None:
            self.note("bad_name", f"{where}: the name is {_kind(value)}, not text; the row was dropped")
            return None
        try:
            return clean_name(text)
        except ValueError as error:
            self.note("bad_name", f"{where}: the name {say(text)} {error}; the row was dropped")
            return None

    def text(self, value: Any, limit: int, where: str) -> str | None:
        """Free text of at most `limit` characters."""
        text = self._text(value, where)
        if text is not None and len(text) > limit:
            self.note("text_cut", f"{where}: has {len(text)} characters; cut to {limit}")
            return text[:limit]
        return text

    def label(self, value: Any, where: str) -> str | None:
        """A short clean name that may be missing."""
        text = self._text(value, where)
        if text is None or not text.strip():
            return None
        text = self.text(" ".join(text.split()), MAX_LABEL, where) or ""
        try:
            # NFC can lengthen a text: cut again.
            return clean_name(text)[:MAX_LABEL].rstrip()
        except ValueError as error:
            self.note("bad_text", f"{where}: {say(text)} {error}; left empty")
            return None

    def number(self, value: Any, where: str, *, positive: bool = False) -> float | None:
        """A finite number from 0 (above 0 if `positive`) to `MAX_AMOUNT`."""
        if value is None:
            return None
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, int | float) and 0 <= value <= MAX_AMOUNT and (value > 0 or not positive):
            return abs(float(value))  # no -0.0
        self.note("bad_number", f"{where}: {say(value)} cannot be used; left empty")
        return None

    def _text(self, value: Any, where: str) -> str | None:
        if value is None:
            return None
        if isinstance(value, bytes):
            self.note("bad_text", f"{where}: is binary data, not text; left empty")
            return None
        text = str(value)
        if isinstance(value, RepairedText):
            self.note("bad_utf8", f"{where}: some bytes are not UTF-8; they were replaced by U+FFFD")
        if "\x00" in text:
            self.note("nul_removed", f"{where}: contains NUL characters; they were removed")
            text = text.replace("\x00", "")
        if not text.isascii() and _LONE_SURROGATE.search(text):  # JSON can write one
            self.note("bad_utf8", f"{where}: contains half characters; they were replaced by U+FFFD")
            text = _LONE_SURROGATE.sub("\ufffd", text)
        return text


def plain_id(value: Any) -> Any:
    """`value` such that ids which mean the same are equal: 7, 7.0 and `"7"` are; null and other texts stay."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value


def whole_id(value: Any) -> int | None:
    """`value` as an id that a catalogue could have, if it is a whole number."""
    value = plain_id(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def say(value: Any) -> str:
    """`value` for a message: short, on one line."""
    if isinstance(value, bytes):
        return _kind(value)
    said = repr(str(value) if isinstance(value, str) else value)
    return said if len(said) <= _SAID else f"{said[:_SAID]}…"


def shorten(name: str, ending: str) -> str:
    """`name` and `ending` as one name that is not too long."""
    return name[: MAX_NAME - len(ending)].rstrip() + ending


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    return f"binary data ({len(value)} bytes)" if isinstance(value, bytes) else type(value).__name__
