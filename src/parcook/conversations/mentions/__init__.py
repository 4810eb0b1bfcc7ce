"""Recipe names in what people and assistants say: known names first, then the places where names are said.

Most messages name nothing, so a doubtful name is no name. Text is read as it comes, redacted or not; nothing here
stores or logs it. The published precision and recall are in docs/recipe-names.md.
"""

from collections.abc import Iterable

from parcook.conversations.mentions.known_names import KnownNames
from parcook.conversations.mentions.mention import Mention
from parcook.conversations.mentions.patterns import MOST_MENTIONS, find_patterns

__all__ = ["MOST_MENTIONS", "KnownNames", "Mention", "find_mentions", "find_names"]


def find_names(text: str, role: str, catalogue: KnownNames | Iterable[str] | None = None) -> list[str]:
    """The names of the recipes that `text` names, each once, the most trusted first, then as they are said.

    `role` is who says it, "user" or "assistant"; others name nothing. Names of `catalogue` are returned as the
    catalogue writes them. Whoever asks more than once makes the `KnownNames` beforehand.
    """
    if catalogue is not None and not isinstance(catalogue, KnownNames):
        catalogue = KnownNames.of_names(catalogue)
    return list(dict.fromkeys(mention.name for mention in find_mentions(text, role, catalogue)))


def find_mentions(text: str, role: str, known: KnownNames | None = None) -> list[Mention]:
    """Each recipe that `text` names, with where and how it was found: known names first, then by position."""
    if role not in ("user", "assistant"):
        return []
    found = known.find(text)[:MOST_MENTIONS] if known is not None else []
    return found + find_patterns(text, role, found)
