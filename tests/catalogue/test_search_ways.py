"""Every way of a search finds what a plain search finds, page by page; and the indexes that a walk goes by."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, text

from parcook.catalogue.database import Database
from parcook.catalogue.names import clean_name, name_key, search_key
from parcook.catalogue.recipes import recipe_keys
from parcook.catalogue.search import Criteria, search_recipes
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.catalogue.tables import ingredients, recipe_ingredients, recipes
from parcook.errors import Invalid
from tests.catalogue.making import grow, mix
from tests.catalogue.outside import Outside
from tests.catalogue.searching import FROM_MEMORY, WALKED, WALKS, WAYS, all_pages, going
from tests.servers.postgres import PostgresServer

IDS = (1, 10, 100, 1000, 2, 20, 200, 11, 12, 21, 101, 110)
NAMES = ("Gin", "Dry Gin", "Crème", "10", "100", "2", "Straße", "Lime", "K%_")
letters = st.sampled_from("aAéÉe\u0301ß sSoø%_\\/İiI😀")
categories = st.sampled_from(["Sour", "SOUR", "Soür", "sour ", "Straße", "strasse"])


@dataclass
class World:
    """A catalogue as Python has it: recipes are (id, name, category, ingredient ids, whether a shell wrote it)."""

    names: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int | None] = field(default_factory=dict)
    recipes: list[tuple[int, str, str | None, frozenset[int], bool]] = field(default_factory=list)

    def write(self, database: Database) -> None:
        """Make `database` hold this and nothing else."""
        with database.write() as connection:
            for table in (recipe_ingredients, recipes, ingredients):
                connection.execute(delete(table))
            if self.names:  # parents stand before their children
                rows = [{"id": n, "name": name, "name_key": name_key(name)} for n, name in self.names.items()]
                connection.execute(insert(ingredients), [row | {"parent_id": self.parents[row["id"]]} for row in rows])
            for own_id, name, category, contents, by_shell in self.recipes:
                keys = recipe_keys(name) | ({"search_key": None} if by_shell else {})
                connection.execute(insert(recipes).values(id=own_id, name=name, category=category, **keys))
                lines = [{"recipe_id": own_id, "ingredient_id": ingredient} for ingredient in contents]
                if lines:
                    connection.execute(insert(recipe_ingredients), lines)

    def find(self, criteria: Criteria) -> list[int]:
        """The ids of the recipes that meet `criteria`, in order."""
        wanted, unwanted = (
            [self._branch(reference) for reference in references]
            for references in (criteria.ingredients, criteria.excluded)
        )
        found = [
            (name, own_id)
            for own_id, name, category, contents, _ in self.recipes
            if search_key(criteria.text or "") in search_key(name)
            and (criteria.category is None or (category and name_key(category) == name_key(criteria.category)))
            and all(branch & contents for branch in wanted)
            and not any(branch & contents for branch in unwanted)
        ]
        return [own_id for _, own_id in sorted(found)]

    def _branch(self, reference: str) -> set[int]:
        named = [n for n, name in self.names.items() if name_key(name) == name_key(reference)]
        branch = set(named or [int(reference)])
        for n, parent in self.parents.items():
            if parent in branch:
                branch.add(n)
        return branch


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    for own_id, name in zip(
        draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1)),
        draw(st.permutations([*NAMES, "a", "b", "c"])),
        strict=False,
    ):
        world.parents[own_id] = draw(st.sampled_from([None, *world.names]))
        world.names[own_id] = name
    names = draw(st.lists(st.text(letters, min_size=1, max_size=5), max_size=12, unique_by=lambda n: name_key(n)))
    for own_id, name in enumerate([clean_name(name) for name in names if name_key(name)], 1):
        contents = draw(st.frozensets(st.sampled_from(sorted(world.names)), max_size=4))
        category = draw(st.none() | categories)
        world.recipes.append((own_id, name, category, contents, draw(st.booleans())))
    draw(st.randoms(use_true_random=False)).shuffle(world.recipes)
    return world


@st.composite
def questions(draw: st.DrawFn, world: World) -> Criteria:
    references = [str(n) for n in world.names] + [name.upper() for name in world.names.values()]
    some = st.lists(st.sampled_from(references), max_size=3)
    return Criteria(
        text=draw(st.none() | st.text(letters, max_size=2)),
        ingredients=draw(some),
        excluded=draw(some),
        category=draw(st.none() | categories),
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[list[Database]]:
    """A catalogue on each kind of database, for many examples."""
    urls = [f"sqlite:///{tmp_path_factory.mktemp('search') / 'catalogue.db'}", postgres_server.new_database()]
    opened = [open_catalogue(url) for url in urls]
    yield [catalogue.database for catalogue in opened]
    for catalogue in opened:
        catalogue.close()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_both_databases_find_what_a_plain_search_finds_whichever_way_they_go(
    both: list[Database], data: st.DataObject
) -> None:
    world = data.draw(worlds())
    asked = data.draw(st.lists(questions(world), min_size=1, max_size=6))
    for database in both:
        world.write(database)
    for criteria in asked:
        limit = data.draw(st.integers(1, 4))
        expected = world.find(criteria)
        for database in both:
            for way in WAYS:
                with going(way):
                    pages = list(all_pages(database, criteria, limit))
                assert [recipe.id for page in pages for recipe in page] == expected


# Pages


@pytest.mark.parametrize("criteria", [{}, {"text": "r"}, {"ingredients": ["Rum"]}, {"excluded": ["Gin"]}], ids=str)
@pytest.mark.parametrize("way", [FROM_MEMORY, WALKED])
def test_a_page_has_as_many_as_asked_for_and_a_cursor_only_if_more_follow(
    catalogue: Catalogue, criteria: dict[str, Any], way: str
) -> None:
    ids = grow(catalogue, {"Rum": {}, "Gin": {}})
    names = [f"r{n}" for n in range(5)]
    for name in names:
        mix(catalogue, name, [ids["Rum"]])
    for limit in (1, 2, 4, 5, 6, 200):
        with going(way):
            pages = [
                [recipe.name for recipe in page] for page in all_pages(catalogue.database, Criteria(**criteria), limit)
            ]
        assert pages == [names[start : start + limit] for start in range(0, 5, limit)]


@pytest.mark.parametrize("way", [FROM_MEMORY, WALKED])
def test_recipes_of_one_name_which_a_shell_can_make_follow_one_another_by_id(
    catalogue: Catalogue, outside: Outside, way: str
) -> None:
    rum = grow(catalogue, {"Rum": {}})["Rum"]
    for own_id in (5, 3, 4, 1, 2):
        outside.run("INSERT INTO recipes (id, name, name_key) VALUES (?, 'Twin', ?)", own_id, f"twin {own_id}")
        outside.run("INSERT INTO recipe_ingredients (recipe_id, ingredient_id) VALUES (?, ?)", own_id, rum)
    for criteria in (Criteria(), Criteria(ingredients=["Rum"])):
        with going(way):
            pages = list(all_pages(catalogue.database, criteria, 2))
        assert [[recipe.id for recipe in page] for page in pages] == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("way", [FROM_MEMORY, WALKED])
def test_a_bad_cursor_is_refused_even_where_nothing_can_be_found(catalogue: Catalogue, way: str) -> None:
    grow(catalogue, {"Gin": {}})
    for criteria in (Criteria(), Criteria(ingredients=["Gin"], excluded=["Gin"]), Criteria(text="nothing")):
        with going(way), pytest.raises(Invalid) as caught:
            search_recipes(catalogue.database, criteria, "zebra")
        assert caught.value.code == "bad_cursor"


row_names = st.text("abéz", min_size=1, max_size=2)
changes = st.lists(st.tuples(st.booleans(), row_names), max_size=4)
steps = st.tuples(st.sampled_from([FROM_MEMORY, WALKED]), changes)


@settings(max_examples=40, deadline=None)
@given(st.sets(row_names, max_size=15), st.lists(steps, min_size=1, max_size=8), st.integers(1, 3))
def test_pages_go_on_behind_the_last_name_whatever_is_added_or_removed_meanwhile(
    both: list[Database], at_first: set[str], later: list[tuple[str, list[tuple[bool, str]]]], limit: int
) -> None:
    rows = {name: number for number, name in enumerate(sorted(at_first), 1)}
    world = World({1: "Rum", 2: "Gin"}, {1: None, 2: None})
    world.recipes = [(own_id, name, None, frozenset([1]), False) for name, own_id in rows.items()]
    for database in both:
        world.write(database)
    criteria = Criteria(ingredients=["Rum"], excluded=["Gin"])
    cursors: list[str | None] = [None, None]
    seen: list[tuple[str, int]] = []
    stayed = set(rows.items())
    for way, step in later:
        rest = sorted((name, own_id) for name, own_id in rows.items() if not seen or (name, own_id) > seen[-1])
        with going(way):
            pages = [
                search_recipes(database, criteria, cursor, limit)
                for database, cursor in zip(both, cursors, strict=True)
            ]
        for page in pages:
            assert [(recipe.name, recipe.id) for recipe in page.items] == rest[:limit]
        seen += rest[:limit]
        cursors = [page.next_cursor for page in pages]
        if cursors[0] is None:
            break
        for is_added, name in step:
            _change(both, rows, name, is_added)
        stayed &= set(rows.items())
    assert len(seen) == len(set(seen))
    assert all(row in seen for row in stayed if seen and row <= seen[-1])


def _change(both: Sequence[Database], rows: dict[str, int], name: str, is_added: bool) -> None:
    """Add or remove the recipe `name` in `both` and in `rows`, unless it is there or gone."""
    if is_added == (name in rows):
        return
    own_id = rows.pop(name, 0) or max(rows.values(), default=0) + 100
    for database in both:
        with database.write() as connection:
            if is_added:
                connection.execute(insert(recipes).values(id=own_id, name=name, **recipe_keys(name)))
                connection.execute(insert(recipe_ingredients).values(recipe_id=own_id, ingredient_id=1))
            else:
                connection.execute(delete(recipes).where(recipes.c.id == own_id))
    if is_added:
        rows[name] = own_id


# Indexes


@dataclass(frozen=True)
class Statement:
    """A query that a search sent, and how the database goes about it."""

    sql: str
    plan: list[str]

    @property
    def is_walk(self) -> bool:
        return "ORDER BY recipes.name, recipes.id" in self.sql


def explain(database: Database, criteria: Criteria, cursor: str | None = None) -> list[Statement]:
    """Every query of a search but those that read the version and the recipes of the page."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        others = ("catalogue_state", "recipes.instructions", "position")
        if sql.startswith(("SELECT", "WITH")) and not any(word in sql for word in others):
            sent.append((sql, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        search_recipes(database, criteria, cursor, 2)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    statements = []
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain_it = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        for sql, parameters in sent:
            rows = connection.exec_driver_sql(f"{explain_it} {sql}", parameters)
            statements.append(Statement(sql, [row[-1] for row in rows]))
    assert any(statement.is_walk for statement in statements)
    return statements


def scans_of_tables(statement: Statement) -> set[str]:
    """The steps that read a table or one of its indexes from end to end."""
    whole = r"SCAN (recipes|recipe_ingredients|ingredients)\b|.*Seq Scan"
    return {line for line in statement.plan if re.match(whole, line)}


QUESTIONS = (
    Criteria(),
    Criteria(text="ecipe 77"),
    Criteria(category="sour"),
    Criteria(text="ecipe", category="sour"),
    Criteria(ingredients=["i1"]),
    Criteria(ingredients=["7"]),
    Criteria(excluded=["i1"]),
    Criteria(text="ecipe", category="sour", ingredients=["i1", "7"], excluded=["3", "i5"]),
)


@pytest.fixture(scope="module")
def stocked(both: list[Database]) -> list[Database]:
    """Both catalogues with 300 ingredients below 10, and 3,000 recipes that have two of each."""
    for database in both:
        World({n: f"i{n}" for n in range(1, 301)}, {n: n % 10 + 1 if n > 10 else None for n in range(1, 301)}).write(
            database
        )
        rows = [{"id": n, "name": f"Recipe {n}", "category": ("Sour", "Fizz", "sour")[n % 3]} for n in range(1, 3001)]
        with database.write() as connection:
            connection.execute(insert(recipes), [row | recipe_keys(str(row["name"])) for row in rows])
            lines = [{"recipe_id": n, "ingredient_id": (n * k) % 300 + 1} for n in range(1, 3001) for k in (1, 7)]
            connection.execute(insert(recipe_ingredients), [line for line in lines if line["recipe_id"] % 50])
    with both[1].engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return both


@pytest.mark.parametrize("way", WALKS)
@pytest.mark.parametrize("criteria", QUESTIONS, ids=str)
def test_sqlite_walks_the_covering_index_and_neither_sorts_nor_reads_a_whole_table(
    stocked: list[Database], criteria: Criteria, way: str
) -> None:
    first = search_recipes(stocked[0], Criteria(), None, 100)
    for cursor in (None, first.next_cursor):
        with going(way):
            statements = explain(stocked[0], criteria, cursor)
        for statement in statements:
            assert not [line for line in statement.plan if "AUTOMATIC" in line]
            if statement.is_walk:
                walk = "SEARCH" if cursor else "SCAN"
                walk += " recipes USING COVERING INDEX recipes_name_id_index"
                walk += " (name>?)" if cursor else ""
                assert walk in statement.plan
                assert not [line for line in statement.plan if "TEMP B-TREE" in line]
                assert scans_of_tables(statement) <= {walk}
            else:
                assert scans_of_tables(statement) == set()


@pytest.mark.parametrize("way", WALKS)
@pytest.mark.parametrize("criteria", QUESTIONS, ids=str)
def test_postgresql_can_do_without_reading_a_whole_table_and_without_sorting(
    stocked: list[Database], criteria: Criteria, way: str
) -> None:
    with going(way):
        statements = explain(stocked[1], criteria)
    for statement in statements:
        assert scans_of_tables(statement) == set()
        if statement.is_walk:
            assert [line for line in statement.plan if "Index Only Scan using recipes_name_id_index on recipes" in line]
            assert not [line for line in statement.plan if "Sort" in line]


def test_the_recipes_of_a_very_narrow_branch_are_read_by_their_ids(stocked: list[Database]) -> None:
    criteria = Criteria(text="ecipe", category="sour", ingredients=["i1", "i299"], excluded=["3"])
    for database, by_id in zip(stocked, ["USING INTEGER PRIMARY KEY (rowid=?)", "using recipes_pkey"], strict=True):
        with going(WALKED):
            statements = explain(database, criteria)
        (last,) = [statement for statement in statements if statement.is_walk]
        assert [line for line in last.plan if by_id in line and "recipes" in line]
        assert all(scans_of_tables(statement) == set() for statement in statements)


def test_postgresql_compiles_no_query(both: list[Database]) -> None:
    with both[1].read() as connection:
        assert connection.execute(text("SHOW jit")).scalar() == "off"
