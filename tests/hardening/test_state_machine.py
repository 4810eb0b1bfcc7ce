"""Any sequence of edits, good and bad, leaves a catalogue that a model in plain Python foretold, on both databases."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from sqlalchemy import text

from parcook.catalogue.models import IngredientDraft, IngredientPatch, RecipeDraft, RecipePatch, UnitDraft
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue, open_catalogue
from tests.hardening.comparing import Compared, every, outcome
from tests.hardening.model import KINDS, Ingredient, NewIngredient, NewRecipe, Recipe, Unit, Wish
from tests.hardening.naming import NAMES, Name, plain, spellings

UNKNOWN = 999_999
EMPTYING = [
    *(f"DELETE FROM {table}" for table in ("recipe_ingredients", "recipes", "units", "ingredients")),
    *(f"ALTER TABLE {table} ALTER COLUMN id RESTART" for table in ("recipes", "units", "ingredients")),
    "UPDATE catalogue_state SET version = 0, token = '', changed_at = 0",
]

# References are places in the model, in the order in which things were made and counted round; the last few are
# unknown ids.
places = st.integers(0, 119)
some_places = st.none() | places
names = st.sampled_from(NAMES) | st.integers(0, 99).map(lambda number: plain(f"Name {number}"))
texts = st.none() | st.sampled_from(["", "Dry", "très sec 🍸", "a\nb"])
categories = st.sampled_from([None, "Sour", "sour", "Été"])
matches = st.sampled_from([None, None, None, "*", "current", "several", "stale"])
amounts = st.sampled_from([None, 0.0, 1.0, 0.1, 1e12, 5e-324])
wastes = st.sampled_from(
    [7, {"name": ""}, {"name": "a\x00b"}, {"name": 1}, [0], {"nom": "x"}, {"name": "x", "colour": 1}]
)
bys = st.sampled_from(["id", "name", "both"])
line_pictures = st.lists(
    st.tuples(bys, places, st.integers(0, 9), amounts, some_places, bys), max_size=4, unique_by=lambda line: line[1]
)
rarely = st.integers(0, 9).map(lambda number: number == 9)
spoiled_places = st.integers(0, 30)


class CatalogueMachine(Compared):
    def __init__(self, open_empty: Callable[[], Catalogue], beginning: str) -> None:
        super().__init__(open_empty())
        self.beginning = beginning

    # Ingredients

    @initialize()
    def begin(self) -> None:
        """ "deep": two chains, of which neither can be hung onto the end of the other."""
        if self.beginning == "empty":
            return
        nodes = [plain(f"Node {number}") for number in range(10)]
        above = [None, None, *nodes[:8]]  # two trees of five levels
        if self.beginning == "deep":
            nodes = [plain(f"{chain} link {number:02}") for chain in ("Iron", "Zinc") for number in range(60)]
            above = [
                None if node.stored.endswith("00") else before
                for before, node in zip([nodes[0], *nodes], nodes, strict=False)
            ]
        items = [NewIngredient(node, None, parent) for node, parent in zip(nodes, above, strict=True)]
        self._bulk_ingredients(items[::-1])
        for unit in (Unit(plain("ounce"), plain("oz")), Unit(plain("dash"))):
            self._create_unit(unit)
        for number in range(4):
            wishes = (Wish(ingredient_name=nodes[number]), Wish(ingredient_name=nodes[9 - number], amount=1.0))
            self._bulk_recipes([NewRecipe(plain(f"Mix {number}"), wishes)])

    @rule(name=names, description=texts, parent=some_places)
    def create_ingredient(self, name: Name, description: str | None, parent: int | None) -> None:
        new = Ingredient(name, description, self._ingredient(parent))
        draft = IngredientDraft(name=name.typed, description=description, parent_id=new.parent_id)
        created = self._try(self.model.ingredient_refused(new), lambda: self.catalogue.ingredients.create(draft))
        self._keep("ingredients", created, new)

    @rule(place=places, name=names, description=texts, parent=some_places, match=matches)
    def replace_ingredient(
        self, place: int, name: Name, description: str | None, parent: int | None, match: str | None
    ) -> None:
        own = self._ingredient(place)
        new = Ingredient(name, description, self._ingredient(parent))
        draft = IngredientDraft(name=name.typed, description=description, parent_id=new.parent_id)
        if_match = self._if_match("ingredients", own, match)
        self._change_ingredient(
            own, new, match, lambda: self.catalogue.ingredients.replace(own, draft, if_match=if_match)
        )

    @rule(
        place=places,
        changes=st.fixed_dictionaries({}, optional={"name": names, "description": texts, "parent": some_places}),
        match=matches,
    )
    def patch_ingredient(self, place: int, changes: Mapping[str, Any], match: str | None) -> None:
        own = self._ingredient(place)
        old = self.model.ingredients.get(own, Ingredient(plain("?")))
        new = Ingredient(
            changes.get("name", old.name),
            changes.get("description", old.description),
            self._ingredient(changes["parent"]) if "parent" in changes else old.parent_id,
        )
        body = {"name": new.name.typed, "description": new.description, "parent": new.parent_id}
        sent = {{"parent": "parent_id"}.get(key, key): body[key] for key in changes}
        if_match = self._if_match("ingredients", own, match)
        self._change_ingredient(
            own,
            new,
            match,
            lambda: self.catalogue.ingredients.patch(own, sent_fields(IngredientPatch, sent), if_match=if_match),
        )

    @rule(place=places, parent=some_places)
    def move_ingredient(self, place: int, parent: int | None) -> None:
        own = self._ingredient(place)
        old = self.model.ingredients.get(own, Ingredient(plain("?")))
        new = Ingredient(old.name, old.description, self._ingredient(parent))
        changes = {"parent_id": new.parent_id}
        self._change_ingredient(own, new, None, lambda: self.catalogue.ingredients.patch(own, changes))

    @rule(place=places)
    def hang_a_tree_below_the_deepest_of_another(self, place: int) -> None:
        own = self._ingredient(place)
        if own in self.model.ingredients:
            root = self.model.ancestry(own)[0]
            others = [other for other in self.model.ingredients if self.model.ancestry(other)[0] != root]
            deepest = max(others, key=lambda other: len(self.model.ancestry(other)), default=None)
            old = self.model.ingredients[root]
            new = Ingredient(old.name, old.description, deepest)
            self._change_ingredient(
                root, new, None, lambda: self.catalogue.ingredients.patch(root, {"parent_id": deepest})
            )

    @rule(place=places, match=matches)
    def delete_ingredient(self, place: int, match: str | None) -> None:
        own = self._ingredient(place)
        if_match = self._if_match("ingredients", own, match)
        refusal = self._unreachable("ingredients", own, match) or self.model.ingredient_kept(own)
        self._try(refusal, lambda: self.catalogue.ingredients.delete(own, if_match=if_match))
        if refusal is None:
            self._forget("ingredients", own)

    @rule(
        pictures=st.lists(
            st.tuples(names, st.sampled_from(["root", "id", "name", "within", "within", "both", "lost"]), places),
            min_size=1,
            max_size=6,
            unique_by=lambda picture: picture[0].family,
        ),
        repeated=rarely,
        spoiled=spoiled_places,
        waste=wastes,
    )
    def bulk_ingredients(self, pictures: list[tuple[Name, str, int]], repeated: bool, spoiled: int, waste: Any) -> None:
        items = []
        pictures = [*pictures, *pictures[: int(repeated)]]
        for index, (name, by, place) in enumerate(pictures):
            parent_id = self._ingredient(place) if by in ("id", "both") else None
            above = {
                "name": self._name_of(place),
                "both": self._name_of(place),
                "within": spellings(pictures[place % len(pictures)][0])[-1],
                "lost": plain("Nowhere"),
            }.get(by)
            items.append(NewIngredient(name, parent_id, above, waste if index == spoiled else None))
        self._bulk_ingredients(items)

    # Recipes

    @rule(name=names, category=categories, pictures=line_pictures)
    def create_recipe(self, name: Name, category: str | None, pictures: list[Any]) -> None:
        wishes = self._wishes(pictures)
        refusal = self.model.recipe_refused(name, wishes)
        body = {"name": name.typed, "category": category, "ingredients": [wish.body() for wish in wishes]}
        created = self._try(refusal, lambda: self.catalogue.recipes.create(RecipeDraft.model_validate(body)))
        self._keep("recipes", created, created and Recipe(name, category, self.model.resolve(wishes)))

    @rule(place=places, name=names, category=categories, pictures=line_pictures, match=matches)
    def replace_recipe(
        self, place: int, name: Name, category: str | None, pictures: list[Any], match: str | None
    ) -> None:
        own, wishes = self._recipe(place), self._wishes(pictures)
        body = {"name": name.typed, "category": category, "ingredients": [wish.body() for wish in wishes]}
        if_match = self._if_match("recipes", own, match)
        refusal = self._unreachable("recipes", own, match) or self.model.recipe_refused(name, wishes, own)
        changed = self._try(
            refusal, lambda: self.catalogue.recipes.replace(own, RecipeDraft.model_validate(body), if_match=if_match)
        )
        self._keep("recipes", changed, changed and Recipe(name, category, self.model.resolve(wishes)))

    @rule(
        place=places,
        changes=st.fixed_dictionaries(
            {}, optional={"name": names, "category": categories, "ingredients": line_pictures}
        ),
        match=matches,
    )
    def patch_recipe(self, place: int, changes: Mapping[str, Any], match: str | None) -> None:
        own, wishes = self._recipe(place), self._wishes(changes.get("ingredients", []))
        old = self.model.recipes.get(own, Recipe(plain("?")))
        name, category = changes.get("name", old.name), changes.get("category", old.category)
        body = {"name": name.typed, "category": category, "ingredients": [wish.body() for wish in wishes]}
        sent = {key: body[key] for key in changes}
        if_match = self._if_match("recipes", own, match)
        refusal = self._unreachable("recipes", own, match) or self.model.recipe_refused(name, wishes, own)
        changed = self._try(
            refusal, lambda: self.catalogue.recipes.patch(own, sent_fields(RecipePatch, sent), if_match=if_match)
        )
        lines = self.model.resolve(wishes) if changed and "ingredients" in changes else old.lines
        self._keep("recipes", changed, Recipe(name, category, lines))

    @rule(place=places, match=matches)
    def delete_recipe(self, place: int, match: str | None) -> None:
        own = self._recipe(place)
        if_match = self._if_match("recipes", own, match)
        refusal = self._unreachable("recipes", own, match)
        self._try(refusal, lambda: self.catalogue.recipes.delete(own, if_match=if_match))
        if refusal is None:
            self._forget("recipes", own)

    @rule(
        pictures=st.lists(
            st.tuples(names, line_pictures), min_size=1, max_size=4, unique_by=lambda picture: picture[0].family
        ),
        repeated=rarely,
        spoiled=spoiled_places,
        waste=wastes,
    )
    def bulk_recipes(self, pictures: list[tuple[Name, list[Any]]], repeated: bool, spoiled: int, waste: Any) -> None:
        items = [
            NewRecipe(name, self._wishes(lines), waste if index == spoiled else None)
            for index, (name, lines) in enumerate([*pictures, *pictures[: int(repeated)]])
        ]
        self._bulk_recipes(items)

    # Units

    @rule(name=names, abbreviation=st.none() | names)
    def create_unit(self, name: Name, abbreviation: Name | None) -> None:
        self._create_unit(Unit(name, abbreviation))

    # Looking

    @rule(size=st.sampled_from([1, 3, 10]))
    def pages_of_any_size_hold_everything_once(self, size: int) -> None:
        for kind in KINDS:
            assert self._listed(kind, size) == self._expected(kind)

    @rule(place=some_places, level=st.none() | st.integers(0, 4))
    def a_view_is_a_slice_of_the_whole(self, place: int | None, level: int | None) -> None:
        parent_id = self._ingredient(place)
        known = parent_id is None or parent_id in self.model.ingredients
        answer = self._look(None if known else "404 not_found", level, parent_id)
        wanted_level = 0 if level is None and parent_id is None else level
        expected = [
            row
            for row in self.model.usage()
            if known and row["level"] == (row["level"] if wanted_level is None else wanted_level)
            if row["parent_id"] == (row["parent_id"] if parent_id is None else parent_id)
        ]
        assert answer == expected

    @rule(
        wanted=st.lists(places, max_size=3),
        unwanted=st.lists(places, max_size=2),
        category=categories,
        size=st.sampled_from([1, 3, 200]),
    )
    def search_finds_what_usage_counts(
        self, wanted: list[int], unwanted: list[int], category: str | None, size: int
    ) -> None:
        excluded = [str(self._ingredient(place)) for place in unwanted]
        asked = [*map(self._ingredient, wanted), *map(self.model.meant_by, excluded)]
        criteria = Criteria(
            ingredients=[self._name_of(place, place).typed for place in wanted],
            excluded=excluded,
            category=category and category.upper(),
        )
        known = set(asked) <= self.model.ingredients.keys()
        happened, _, found = outcome(
            lambda: every(lambda cursor: search_recipes(self.catalogue.database, criteria, cursor, size))
        )
        assert happened == (None if known else "422 ingredient_not_found")
        expected = self.model.found(asked[: len(wanted)], asked[len(wanted) :], category) if known else set()
        assert (found or []) == [record for record in self._expected("recipes") if record["id"] in expected]

    # What several rules do

    def _bulk_ingredients(self, items: list[NewIngredient]) -> None:
        faults = self.model.bulk_ingredient_faults(items)
        created = self._try_bulk(faults, [item.body() for item in items], self.catalogue.bulk.create_ingredients)
        if created:
            self.model.add_ingredients([record.id for record in created], items)
        for record in created:
            self._keep("ingredients", record, self.model.ingredients[record.id])

    def _bulk_recipes(self, items: list[NewRecipe]) -> None:
        faults = self.model.bulk_recipe_faults(items)
        created = self._try_bulk(faults, [item.body() for item in items], self.catalogue.bulk.create_recipes)
        for record, item in zip(created, items, strict=bool(created)):
            self._keep("recipes", record, Recipe(item.name, None, self.model.resolve(item.wishes)))

    def _create_unit(self, new: Unit) -> None:
        draft = UnitDraft(name=new.name.typed, abbreviation=new.abbreviation and new.abbreviation.typed)
        created = self._try(self.model.unit_refused(new), lambda: self.catalogue.units.create(draft))
        self._keep("units", created, new)

    def _change_ingredient(self, own: int, new: Ingredient, match: str | None, call: Callable[[], Any]) -> None:
        refusal = self._unreachable("ingredients", own, match) or self.model.ingredient_refused(new, own)
        self._keep("ingredients", self._try(refusal, call), new)

    def _ingredient(self, place: int | None) -> Any:
        return nth(self.model.ingredients, place)

    def _recipe(self, place: int) -> Any:
        return nth(self.model.recipes, place)

    def _name_of(self, place: int, spelling: int = 0) -> Name:
        item = self.model.ingredients.get(self._ingredient(place))
        ways = spellings(item.name) if item else [plain("Nothing")]
        return ways[spelling % len(ways)]

    def _wishes(self, pictures: list[Any]) -> tuple[Wish, ...]:
        """Lines as they are sent. "both" may disagree: the name is then that of the next place."""
        wishes = []
        for by, place, spelling, amount, unit_place, unit_by in pictures:
            name_place = place + 1 if spelling == 9 else place
            unit_id = nth(self.model.units, unit_place)
            wishes.append(
                Wish(
                    self._ingredient(place) if by in ("id", "both") else None,
                    self._name_of(name_place, spelling) if by in ("name", "both") else None,
                    amount,
                    unit_id if unit_by in ("id", "both") else None,
                    self._label(unit_id, spelling) if unit_by in ("name", "both") else None,
                )
            )
        return tuple(wishes)

    def _label(self, unit_id: int | None, spelling: int) -> Name | None:
        if unit_id is None:
            return None
        unit = self.model.units.get(unit_id, Unit(plain("heap")))
        ways = [way for label in (unit.name, unit.abbreviation) if label for way in spellings(label)]
        return ways[spelling % len(ways)]


def nth(items: Mapping[int, Any], place: int | None) -> int | None:
    """The id at `place`; one that was never given out if there is none; None for None."""
    if place is None:
        return None
    return [*items][place % len(items)] if items and place < 112 else UNKNOWN


def sent_fields(model: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    patch = model.model_validate(dict(body))
    return {field: getattr(patch, field) for field in patch.model_fields_set}


@pytest.fixture(params=["sqlite", "postgresql"])
def open_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Catalogue]]:
    """Opens an empty catalogue, as often as it is called; the one before is gone then."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            template, file = tmp_path / "template.db", tmp_path / "catalogue.db"
            open_catalogue(f"sqlite:///{template}").close()

            def open_empty() -> Catalogue:
                opened.close()
                shutil.copyfile(template, file)
                return opened.enter_context(closing(open_catalogue(f"sqlite:///{file}")))

        else:
            catalogue = open_catalogue(request.getfixturevalue("postgres_server").new_database())
            opened.enter_context(closing(catalogue))

            def open_empty() -> Catalogue:
                with catalogue.database.write_aside() as connection:
                    for statement in EMPTYING:
                        connection.execute(text(statement))
                return catalogue

        yield open_empty


def run(open_empty: Callable[[], Catalogue], beginning: str, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: CatalogueMachine(open_empty, beginning),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


@pytest.mark.timeout(600)  # Hypothesis takes up to 300 s to shrink what it finds
@pytest.mark.parametrize(("beginning", "examples"), [("stocked", 40), ("deep", 8), ("empty", 12)])
def test_any_sequence_of_edits_does_what_a_plain_model_foretells(
    open_empty: Callable[[], Catalogue], beginning: str, examples: int
) -> None:
    run(open_empty, beginning, examples, steps=30)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("beginning", "examples"), [("stocked", 700), ("deep", 150), ("empty", 150)])
def test_long_sequences_of_edits_do_what_a_plain_model_foretells(
    open_empty: Callable[[], Catalogue], beginning: str, examples: int
) -> None:
    run(open_empty, beginning, examples, steps=80)
