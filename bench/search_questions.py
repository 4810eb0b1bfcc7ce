"""What people ask a recipe search: seeded questions of many kinds about one catalogue, and those hard to answer."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from sqlalchemy import bindparam, insert, select, update

from bench.worlds import MEDIUM
from parcook.catalogue.names import name_key
from parcook.catalogue.paging import DEFAULT_PAGE, MAX_PAGE, split_page
from parcook.catalogue.recipes import recipe_keys
from parcook.catalogue.search import Criteria
from parcook.catalogue.search_index import Place
from parcook.catalogue.store import Catalogue
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes

COMMON = 40
_MOODS = (
    *("Amber", "Bitter", "Blushing", "Château", "Crimson", "Crème", "Dry", "Dusty", "Electric", "Fading", "Frosty"),
    *("Gentle", "Golden", "Grand", "Hazy", "Iron", "Jalapeño", "Last", "Little", "Lonely", "Midnight", "Old", "Paper"),
    *("Quiet", "Restless", "Royal", "Rusty", "Señor", "Sleepy", "Smoky", "Velvet", "Wandering", "Wild", "Winter"),
)
_THINGS = (
    *("Affair", "Anchor", "Bandit", "Breeze", "Canary", "Captain", "Comet", "Corpse", "Diplomat", "Dragon", "Drifter"),
    *("Fizz", "Garden", "Harbour", "Jøtun", "Kettle", "Lantern", "Mule", "Nail", "Opera", "Plane", "Queen", "Raven"),
    *("Sailor", "Scholar", "Sidecar", "Sparrow", "Temple", "Tiger", "Überfall", "Violet", "Waltz", "Word", "Zephyr"),
)
_ENDS = (
    *("", " Collins", " Cooler", " Flip", " Highball", " Julep", " No. 2", " No. 3", " Punch", " Royale", " Sour"),
    *(" Spritz", " Swizzle", " Toddy", " à la Maison", " on the Rocks", " Révolution", " II", " III", " Noir"),
)
_CATEGORIES = ("Sour", "Highball", "Aperitif", "Digéstif", "Tiki", "Punch", "Flip", "Julep", "Fizz", "Mocktail")
# Two ingredients that are each in half of the recipes and never in the same.
HALVES = (MEDIUM.ingredients + 1, MEDIUM.ingredients + 2)


@dataclass(frozen=True)
class Question:
    """One search. `after` is the (name, id) of a recipe: only those behind it are asked for."""

    kind: str
    text: str | None = None
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    category: str | None = None
    after: tuple[str, int] | None = None
    limit: int = DEFAULT_PAGE

    def criteria(self) -> Criteria:
        """The question as the store takes it."""
        return Criteria(self.text, [str(i) for i in self.include], [str(i) for i in self.exclude], self.category)

    def cursor(self) -> str | None:
        """The cursor of a page that ended with `after`."""
        return self.after and split_page([Place(*self.after)] * 2, 1)[1]

    def query(self) -> str:
        """The question as the application takes it."""
        pairs = [("q", self.text), ("category", self.category), ("cursor", self.cursor()), ("limit", str(self.limit))]
        pairs += [("ingredient", str(own_id)) for own_id in self.include]
        pairs += [("exclude", str(own_id)) for own_id in self.exclude]
        return urlencode([(name, value) for name, value in pairs if value is not None])


class Questions:
    """Questions about one catalogue, the same for the same seed."""

    def __init__(self, catalogue: Catalogue, seed: int = 1) -> None:
        self._random = random.Random(seed)
        with catalogue.database.read() as connection:
            self.paths = dict(connection.execute(select(ingredients.c.id, ingredients.c.path)).all())
            self._names = [(name, own_id) for name, own_id in connection.execute(select(recipes.c.name, recipes.c.id))]
            self._recipes: dict[int, set[int]] = {own_id: set() for own_id in self.paths}
            self._in: dict[int, list[int]] = {}
            lines = select(recipe_ingredients.c.recipe_id, recipe_ingredients.c.ingredient_id)
            for recipe, ingredient in connection.execute(lines):
                self._in.setdefault(recipe, []).append(ingredient)
                for above in self._above(ingredient):
                    self._recipes[above].add(recipe)
        by_size = sorted(self.paths, key=lambda own_id: -len(self._recipes[own_id]))
        self._used = [own_id for own_id in by_size if self._recipes[own_id] and own_id not in HALVES]
        self._common = self._used[:COMMON]
        self._hard = self._hard_ones()

    def mixed(self, count: int) -> Iterator[Question]:
        """`count` questions in the proportions in which people may ask them."""
        weights: dict[Callable[[], Question], int] = {
            self._short_text: 13,
            self._long_text: 10,
            self._absent_text: 3,
            self._category: 5,
            self._category_and_text: 6,
            self._common_ingredient: 14,
            self._rare_ingredient: 12,
            self._several: 12,
            self._without: 6,
            self._include_and_exclude: 8,
            self._deep: 4,
            self._small_page: 2,
            self._large_page: 3,
            self._any_hard: 2,
        }
        for ask in self._random.choices(list(weights), list(weights.values()), k=count):
            yield ask()

    def _hard_ones(self) -> list[Question]:
        apart = self._apart()
        children = [own_id for own_id in self._used if self.paths[own_id] == f"{self.paths[self._used[0]]}{own_id}/"]
        roots = [own_id for own_id in self._used if self.paths[own_id] == f"/{own_id}/"]
        return [
            Question("hard", text="xyzzy", include=tuple(apart[:4])),
            Question("hard", include=tuple(apart[:3]), exclude=tuple(apart[3:5])),
            Question("hard", include=tuple(apart[:8])),
            Question("hard", include=HALVES),
            Question("hard", include=(self._used[0],), exclude=tuple(children[:12])),
            Question("hard", exclude=tuple(apart[:20])),
            Question("hard", exclude=tuple(roots[:10])),
        ]

    def _apart(self) -> list[int]:
        """Ingredients of which none is above another, most used first, the widest left out."""
        found: list[int] = []
        for own_id in self._used[1:]:
            path = self.paths[own_id]
            if not any(path.startswith(self.paths[other]) or self.paths[other].startswith(path) for other in found):
                found.append(own_id)
        return found

    def _above(self, ingredient: int) -> list[int]:
        return [int(step) for step in self.paths[ingredient].strip("/").split("/")]

    def _some(self, ids: list[int], most: int) -> tuple[int, ...]:
        return tuple(self._random.sample(ids, self._random.randint(1, most)))

    def _short_text(self) -> Question:
        return Question("text of 2 to 4 letters", text=self._word()[: self._random.randint(2, 4)])

    def _long_text(self) -> Question:
        return Question("text of several words", text=self._random.choice(self._names)[0][1:].upper())

    def _absent_text(self) -> Question:
        return Question("text that is nowhere", text=f"{self._word()}xyz")

    def _word(self) -> str:
        return self._random.choice(_MOODS + _THINGS)

    def _category(self) -> Question:
        return Question("category", category=self._random.choice(_CATEGORIES).lower())

    def _category_and_text(self) -> Question:
        category = self._random.choice(_CATEGORIES).upper()
        return Question("category and text", text=self._word()[:4].lower(), category=category)

    def _common_ingredient(self) -> Question:
        return Question("common ingredient", include=self._some(self._common, 1))

    def _rare_ingredient(self) -> Question:
        return Question("rare ingredient", include=self._some(self._used[COMMON:], 1))

    def _several(self) -> Question:
        contents = self._in[self._random.choice(self._names)[1]]
        some = self._random.sample(contents, min(len(contents), self._random.randint(2, 4)))
        return Question("several ingredients", include=tuple(self._random.choice(self._above(i)) for i in some))

    def _without(self) -> Question:
        return Question("without ingredients", exclude=self._some(self._common, 2) + self._some(self._used, 3))

    def _include_and_exclude(self) -> Question:
        include, exclude = self._some(self._common, 3), self._some(self._common, 3)
        return Question("include and exclude", include=include, exclude=exclude)

    def _deep(self) -> Question:
        include = self._some(self._common, 1) if self._random.random() < 0.5 else ()
        return Question("deep page", include=include, after=self._random.choice(self._names))

    def _small_page(self) -> Question:
        return Question("page of 1", include=self._some(self._common, 2), limit=1)

    def _large_page(self) -> Question:
        include = self._some(self._common, 1) if self._random.random() < 0.5 else ()
        return Question(f"page of {MAX_PAGE}", include=include, limit=MAX_PAGE)

    def _any_hard(self) -> Question:
        return self._random.choice(self._hard)


def furnish(catalogue: Catalogue) -> None:
    """Give the recipes of `MEDIUM` names and categories as people do, and each one of two more ingredients."""
    rnd = random.Random(3)
    names = [f"{mood} {thing}{end}" for mood, thing, end in product(_MOODS, _THINGS, _ENDS)]
    weights = range(len(_CATEGORIES), 0, -1)
    named = []
    for own_id, name in enumerate(rnd.sample(names, MEDIUM.recipes), 1):
        category = rnd.choice((str, str.lower))(rnd.choices(_CATEGORIES, weights)[0])
        named.append({"own_id": own_id, "name": name, "category": category, **recipe_keys(name)})
    halves = [{"id": own_id, "name": f"Half {own_id}", "name_key": name_key(f"Half {own_id}")} for own_id in HALVES]
    lines = [{"recipe_id": own_id, "ingredient_id": HALVES[own_id % 2]} for own_id in range(1, MEDIUM.recipes + 1)]
    columns = ("name", "category", "name_key", "search_key")
    rename = update(recipes).where(recipes.c.id == bindparam("own_id"))
    with catalogue.database.write() as connection:
        connection.execute(rename.values({column: bindparam(column) for column in columns}), named)
        connection.execute(insert(ingredients), halves)
        connection.execute(insert(recipe_ingredients), lines)
