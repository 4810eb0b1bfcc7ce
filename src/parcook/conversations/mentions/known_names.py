"""The names that a catalogue knows, and finding them in text: whole words, longest first, case and accents folded."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from parcook.conversations.mentions.judging import is_nameable
from parcook.conversations.mentions.meaning import is_meant
from parcook.conversations.mentions.mention import Mention

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_GLOSS = re.compile(r"\s*\(([^()]*)\)")
_NUMBER = re.compile(r"[ix]{1,3}|i?v|vi{1,3}|\d")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "", "'": ""}
)


class _Entry(NamedTuple):
    recipe_id: int | None
    name: str
    category: str | None


class KnownNames:
    """An immutable index of `(recipe_id, name, category)` rows and of `(alias, recipe_id)` pairs for the same recipes.

    Each name is also found in the other number ("margaritas"), without a number at its end ("Eggnog II") and without
    or within what stands in brackets ("Chilcano (Peruvian Mule)"). Of recipes that share a name the first given wins,
    and names win over what is derived from them.
    """

    __slots__ = ("_entries", "_lengths")

    def __init__(
        self,
        rows: Iterable[tuple[int | None, str, str | None]],
        aliases: Iterable[tuple[str, int]] = (),
    ) -> None:
        known = [_Entry(*row) for row in rows]
        by_id = {entry.recipe_id: entry for entry in reversed(known)}
        said = [(entry.name, entry) for entry in known]
        said += [(alias, by_id[recipe_id]) for alias, recipe_id in aliases if recipe_id in by_id]
        self._entries: dict[str, _Entry] = {}
        for name, entry in said:
            if words := fold_words(name):
                self._entries.setdefault(" ".join(words), entry)
        for name, entry in said:
            for words in _derived(name):
                self._entries.setdefault(" ".join(words), entry)
        lengths: dict[str, set[int]] = {}
        for key in self._entries:
            first, *others = key.split(" ")
            lengths.setdefault(first, set()).add(len(others) + 1)
        self._lengths = {first: tuple(sorted(own, reverse=True)) for first, own in lengths.items()}

    @classmethod
    def of_names(cls, names: Iterable[str]) -> "KnownNames":
        """An index of bare names."""
        return cls((None, name, None) for name in names)

    def find(self, text: str) -> list[Mention]:
        """The known names in `text`, none overlapping another, as they are said.

        A name that is also an ordinary word ("Sour", "Casino") counts where the recipe is meant, see `meaning`.
        """
        words = fold_words(text)
        hits = list(self._hits(words))
        if not hits:
            return []
        spans = [match.span() for match in _WORD.finditer(text)]
        found = []
        for at, length, entry in _without_overlaps(hits, len(words)):
            start, end = spans[at][0], spans[at + length - 1][1]
            if is_meant(words, at, at + length, text, start, end):
                found.append(Mention(entry.name, "catalogue", entry.recipe_id, entry.category, start, end))
        return found

    def _hits(self, words: list[str]) -> Iterator[tuple[int, int, _Entry]]:
        """Where a known name begins, of how many words it is, and which; the longest at each word."""
        for at, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                entry = self._entries.get(" ".join(words[at : at + length]))
                if entry is not None and at + length <= len(words):
                    yield at, length, entry
                    break


def fold_words(text: str) -> list[str]:
    """The words of `text` without case, accents and apostrophes; `&` is "and"."""
    words = _WORD.findall(text)
    if text.isascii():
        return [_ASCII.get(word) or word.lower().replace("'", "") for word in words]
    return [_ASCII.get(word) or _fold(word) for word in words]


_ASCII = {"&": "and"}


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower().replace("'", "")
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def _derived(name: str) -> Iterator[list[str]]:
    """The other ways to say `name`."""
    plain = fold_words(_GLOSS.sub("", name))
    glosses = [fold_words(gloss) for gloss in _GLOSS.findall(name)]
    forms = [fold_words(name), plain, *(gloss for gloss in glosses if gloss and is_nameable(gloss))]
    if len(plain) > 1 and _NUMBER.fullmatch(plain[-1]):
        forms.append(plain[:-1])
    for words in forms:
        if words and (len(words) > 1 or len(words[0]) > 2):
            yield words
            yield [*words[:-1], _other_number(words[-1])]


def _other_number(word: str) -> str:
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-2] if word.endswith(("shes", "ches", "xes", "oes")) else word[:-1]
    if word.endswith("y") and word[-2:-1] not in ("", *"aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _without_overlaps(hits: list[tuple[int, int, _Entry]], words: int) -> list[tuple[int, int, _Entry]]:
    """`hits` without those that overlap a longer one, or an earlier one of the same length."""
    taken = bytearray(words)
    kept = []
    for hit in sorted(hits, key=lambda hit: (-hit[1], hit[0])):
        at, length, _ = hit
        if not any(taken[at : at + length]):
            taken[at : at + length] = b"\x01" * length
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit[0])
