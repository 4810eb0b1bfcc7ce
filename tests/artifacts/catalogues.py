"""Small catalogues to cook, and ways to change them: through the product, and behind its back."""

import random
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import text

from parcook.catalogue.models import RecipeDraft
from parcook.catalogue.store import Catalogue

TINY_INGREDIENTS = [
    {"name": "Spirits"},
    {"name": "Citrus"},
    {"name": "Añejo", "description": "in no recipe"},
    {"name": "Whiskey", "parent_name": "Spirits"},
    {"name": "Gin", "parent_name": "Spirits"},
    {"name": "Lemon", "parent_name": "Citrus"},
    {"name": "Bourbon", "parent_name": "Whiskey"},
    {"name": "Rye", "parent_name": "Whiskey"},
]
TINY_RECIPES = {
    "Whiskey Sour": ["Bourbon", "Lemon"],
    "Half and Half": ["Bourbon", "Rye", "Lemon"],
    "Gin Fizz": ["Gin", "Lemon"],
    "Neat": ["Rye"],
    "Air": [],
}


def fill_tiny(catalogue: Catalogue) -> None:
    """Eight ingredients with ids 1 to 8 in the order above, five recipes with ids 1 to 5."""
    catalogue.bulk.create_ingredients(TINY_INGREDIENTS)
    catalogue.bulk.create_recipes([recipe_item(name, *lines) for name, lines in TINY_RECIPES.items()])


def add_recipe(catalogue: Catalogue, name: str, *ingredient_names: str) -> int:
    return catalogue.recipes.create(RecipeDraft.model_validate(recipe_item(name, *ingredient_names))).id


def recipe_item(name: str, *ingredient_names: str) -> dict[str, Any]:
    return {"name": name, "ingredients": [{"ingredient_name": line} for line in ingredient_names]}


def fill_random(catalogue: Catalogue, seed: int, ingredients: int = 40, recipes: int = 60) -> None:
    """A tree of several levels and recipes over all of it, the same for the same seed."""
    chance = random.Random(seed)
    tree = [
        {"name": f"Ingredient {number}"}
        | ({"parent_name": f"Ingredient {chance.randrange(number)}"} if number and chance.random() < 0.8 else {})
        for number in range(ingredients)
    ]
    catalogue.bulk.create_ingredients(tree)
    names = [item["name"] for item in tree]
    catalogue.bulk.create_recipes(
        [recipe_item(f"Recipe {number}", *chance.sample(names, chance.randrange(7))) for number in range(recipes)]
    )


def run_outside(catalogue_url: str, statement: str) -> None:
    """Run one statement as a `sqlite3` or `psql` shell would, past everything that parcook knows."""
    if catalogue_url.startswith("sqlite"):
        with closing(sqlite3.connect(catalogue_url.removeprefix("sqlite:///"), timeout=20)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(statement)
            connection.commit()
    else:
        with psycopg.connect(catalogue_url) as connection:
            connection.execute("SET search_path TO parcook")
            connection.execute(statement)


def set_stamp(catalogue: Catalogue, version: int, token: str) -> None:
    """Make the catalogue claim this state."""
    with catalogue.database.write_aside() as connection:
        connection.execute(
            text("UPDATE catalogue_state SET version = :version, token = :token"), {"version": version, "token": token}
        )
