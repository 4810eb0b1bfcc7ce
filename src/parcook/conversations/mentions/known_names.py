"""The names that a catalogue knows, and finding them in text: whole words, longest first, case and accents folded."""

import re
import unicodedata
from collections.abc import Iterable

from parcook.conversations.mentions.mention import Mention

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")


class KnownNames:
    """An immutable index of `(recipe_id, name, category)` rows, and of `(alias, recipe_id)` pairs for the same recipes.

    Of two recipes with the same folded name, the first given wins.
    """

    __slots__ = ("_entries", "_lengths")

    def __init__(
        self,
        rows: Iterable[tuple[int | None, str, str | None]],
        aliases: Iterable[tuple[str, int]] = (),
    ) -> None:
        self._entries: dict[str, tuple[int | None, str, str | None]] = {}
        lengths: dict[str, set[int]] = {}
        by_id: dict[int, tuple[int | None, str, str | None]] = {}
        for row in rows:
            if row[0] is not None:
                by_id.setdefault(row[0], row)
            self._add(row[1], row, lengths)
        for alias, recipe_id in aliases:
            if recipe_id in by_id:
                self._add(alias, by_id[recipe_id], lengths)
        self._lengths = {first: tuple(sorted(own, reverse=True)) for first, own in lengths.items()}

    @classmethod
    def of_names(cls, names: Iterable[str]) -> "KnownNames":
        """An index of bare names."""
        return cls((None, name, None) for name in names)

    def _add(self, name: str, row: tuple[int | None, str, str | None], lengths: dict[str, set[int]]) -> None:
        words = [word for word, _, _ in split_words(name)]
        if words:
            self._entries.setdefault(" ".join(words), row)
            lengths.setdefault(words[0], set()).add(len(words))

    def find(self, text: str) -> list[Mention]:
        """The known names in `text`, none overlapping another, as they are said."""
        words = split_words(text)
        found: list[Mention] = []
        at = 0
        while at < len(words):
            step = 1
            for length in self._lengths.get(words[at][0], ()):
                row = self._entries.get(" ".join(word for word, _, _ in words[at : at + length]))
                if row is not None and at + length <= len(words):
                    recipe_id, name, category = row
                    start, end = words[at][1], words[at + length - 1][2]
                    found.append(Mention(name, "catalogue", recipe_id, category, start, end))
                    step = length
                    break
            at += step
        return found


def split_words(text: str) -> list[tuple[str, int, int]]:
    """The words of `text` without case, accents and apostrophes, each with where it starts and ends in `text`."""
    if text.isascii():
        return [(m[0].lower().replace("'", ""), m.start(), m.end()) for m in _WORD.finditer(text)]
    return [(_fold(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


def _fold(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("'", "").replace("’", "")
