"""Which recipe an event is about: what the app says, what the catalogue knows, what the text names."""

import unicodedata
from collections.abc import Sequence

from parcook.conversations.categories import categorise
from parcook.conversations.event import Draft
from parcook.conversations.mentions import KnownNames, find_mentions
from parcook.conversations.redact import PLACEHOLDERS

NAMING_ROLES = ("user", "assistant")
RecipeRow = tuple[int, str, str | None]


class KnownRecipes:
    """The recipes of one state of a catalogue, by id and by name."""

    def __init__(self, rows: Sequence[RecipeRow] = ()) -> None:
        self.names = KnownNames(rows)
        self._by_id = {row[0]: row for row in rows}
        self._by_name = {_folded(row[1]): row for row in reversed(rows)}  # of two, the first wins, as in `names`

    def by_id(self, recipe_id: int) -> RecipeRow | None:
        """The recipe with this id."""
        return self._by_id.get(recipe_id)

    def by_name(self, name: str) -> RecipeRow | None:
        """The recipe of this name, case and accents folded."""
        return self._by_name.get(_folded(name))


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def name_recipe(draft: Draft, known: KnownRecipes) -> None:
    """Settle the draft's recipe, in order of trust: its id, its name as given, the catalogue's names, a pattern.

    An id that the catalogue does not have is dropped with the warning `unknown_recipe`.
    """
    row = None
    if draft.recipe_id is not None:
        row = known.by_id(draft.recipe_id)
        if row is None:
            draft.warn("unknown_recipe")
            draft.recipe_id = None
        else:
            draft.match_method = "id"
    if row is None and draft.recipe_name is not None:
        row = known.by_name(draft.recipe_name)
        draft.match_method = "name"
    elif row is None and draft.text is not None:
        row = _find_in_text(draft, known)
    if row is not None:
        draft.recipe_id, draft.recipe_name, draft.category = row
    if draft.recipe_name is not None and draft.category is None:
        draft.category = categorise(draft.recipe_name)


def _find_in_text(draft: Draft, known: KnownRecipes) -> RecipeRow | None:
    """The recipe that the text names, if the catalogue has it; a name by pattern alone is put into the draft."""
    text = draft.text or ""
    # A known name wins wherever it stands, so patterns, which take longer, are looked for where there is none.
    mentions = known.names.find(text) if draft.role in NAMING_ROLES else []
    for mention in mentions or find_mentions(text, draft.role):
        if any(placeholder in mention.name for placeholder in PLACEHOLDERS):
            continue
        draft.match_method, draft.recipe_name = mention.method, mention.name
        return None if mention.recipe_id is None else known.by_id(mention.recipe_id)
    return None
