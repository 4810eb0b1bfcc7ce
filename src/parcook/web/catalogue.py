"""Ingredients, recipes and units over HTTP. Every change asks for a refresh and waits for none."""

from typing import Annotated, Any, TypeVar

from fastapi import Header, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SkipValidation

from parcook.catalogue.bulk import MAX_ITEMS
from parcook.catalogue.etags import item_etag
from parcook.catalogue.models import (
    MAX_ID,
    BulkIngredient,
    Draft,
    Ingredient,
    IngredientDraft,
    IngredientPatch,
    Recipe,
    RecipeDraft,
    RecipePatch,
    Unit,
    UnitDraft,
)
from parcook.catalogue.names import MAX_NAME
from parcook.catalogue.paging import DEFAULT_PAGE, MAX_PAGE, Page
from parcook.catalogue.search import Criteria, search_recipes
from parcook.errors import NotFound
from parcook.web.problems import problem_docs
from parcook.web.routing import PrincipalOf, ServicesOf, ruled_router
from parcook.web.rules import BASE

router = ruled_router("catalogue", prefix=BASE)

Item = TypeVar("Item", Ingredient, Recipe, Unit)


def _possible(item_id: int) -> int:
    if not 1 <= item_id <= MAX_ID:
        raise NotFound(f"there is no item {item_id}" if abs(item_id) < 10**20 else "there is no such item")
    return item_id


ItemId = Annotated[int, AfterValidator(_possible)]
Cursor = Annotated[str | None, Query(max_length=2_000, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
IfMatch = Annotated[str | None, Header(description="The `ETag` you read; a changed item answers 412.")]

_READ = problem_docs(404)
_WRITE = problem_docs(400, 401, 403, 409, 413, 415, 429)
_CHANGE = problem_docs(400, 401, 403, 404, 409, 412, 413, 415, 429)


class BulkIngredients(Draft):
    """Many ingredients; parents may stand among them, in any order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ingredients": [{"name": "Gin"}, {"name": "Old Tom", "parent_name": "Gin"}]}]}
    )

    ingredients: Annotated[list[SkipValidation[BulkIngredient]], Field(min_length=1, max_length=MAX_ITEMS)]


class BulkRecipes(Draft):
    """Many recipes; ingredients and units go by id, or by name in any case."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "recipes": [
                        {
                            "name": "Negroni",
                            "ingredients": [{"ingredient_name": "Gin", "amount": 1, "unit_name": "oz"}],
                        }
                    ]
                }
            ]
        }
    )

    recipes: Annotated[list[SkipValidation[RecipeDraft]], Field(min_length=1, max_length=MAX_ITEMS)]


class CreatedIngredients(BaseModel):
    """What a bulk request made, in its order."""

    created: list[Ingredient]


class CreatedRecipes(BaseModel):
    """What a bulk request made, in its order."""

    created: list[Recipe]


@router.get("/ingredients")
def list_ingredients(services: ServicesOf, cursor: Cursor = None, limit: Limit = DEFAULT_PAGE) -> Page[Ingredient]:
    """Ingredients by name then id."""
    return services.catalogue.ingredients.list(cursor, limit)


@router.post("/ingredients", status_code=201, responses=_WRITE)
def create_ingredient(draft: IngredientDraft, services: ServicesOf, request: Request, response: Response) -> Ingredient:
    """Add an ingredient below `parent_id`, or as a root."""
    created = services.catalogue.ingredients.create(draft)
    services.trigger.request()
    return _located(created, request, response)


@router.post("/ingredients/bulk", status_code=201, responses=_WRITE)
def create_ingredients(payload: BulkIngredients, services: ServicesOf) -> CreatedIngredients:
    """Add many ingredients, all or none; a refusal names every fault."""
    created = services.catalogue.bulk.create_ingredients(payload.ingredients)
    services.trigger.request()
    return CreatedIngredients(created=created)


@router.get("/ingredients/{ingredient_id}", responses=_READ)
def get_ingredient(ingredient_id: ItemId, services: ServicesOf, response: Response) -> Ingredient:
    """One ingredient."""
    return _tagged(services.catalogue.ingredients.get(ingredient_id), response)


@router.put("/ingredients/{ingredient_id}", responses=_CHANGE)
def replace_ingredient(
    ingredient_id: ItemId, draft: IngredientDraft, services: ServicesOf, response: Response, if_match: IfMatch = None
) -> Ingredient:
    """Replace an ingredient whole; another `parent_id` moves it with all below it."""
    changed = services.catalogue.ingredients.replace(ingredient_id, draft, if_match)
    services.trigger.request()
    return _tagged(changed, response)


@router.patch("/ingredients/{ingredient_id}", responses=_CHANGE)
def patch_ingredient(
    ingredient_id: ItemId, patch: IngredientPatch, services: ServicesOf, response: Response, if_match: IfMatch = None
) -> Ingredient:
    """Change the fields sent; `"parent_id": null` makes it a root."""
    changed = services.catalogue.ingredients.patch(ingredient_id, _sent(patch), if_match)
    services.trigger.request()
    return _tagged(changed, response)


@router.delete("/ingredients/{ingredient_id}", status_code=204, responses=_CHANGE)
def delete_ingredient(ingredient_id: ItemId, services: ServicesOf, if_match: IfMatch = None) -> None:
    """Remove an ingredient that has nothing below it and is in no recipe."""
    services.catalogue.ingredients.delete(ingredient_id, if_match)
    services.trigger.request()


@router.get("/recipes")
def list_recipes(services: ServicesOf, cursor: Cursor = None, limit: Limit = DEFAULT_PAGE) -> Page[Recipe]:
    """Recipes by name then id."""
    return services.catalogue.recipes.list(cursor, limit)


@router.post("/recipes", status_code=201, responses=_WRITE)
def create_recipe(
    draft: RecipeDraft, services: ServicesOf, principal: PrincipalOf, request: Request, response: Response
) -> Recipe:
    """Add a recipe; its ingredients go by id or by name."""
    created = services.catalogue.recipes.create(draft, created_by=principal.name)
    services.trigger.request()
    return _located(created, request, response)


@router.post("/recipes/bulk", status_code=201, responses=_WRITE)
def create_recipes(payload: BulkRecipes, services: ServicesOf, principal: PrincipalOf) -> CreatedRecipes:
    """Add many recipes, all or none; a refusal names every fault."""
    created = services.catalogue.bulk.create_recipes(payload.recipes, created_by=principal.name)
    services.trigger.request()
    return CreatedRecipes(created=created)


@router.get("/recipes/search")
def find_recipes(
    services: ServicesOf,
    q: Annotated[
        str | None, Query(max_length=MAX_NAME, description="Part of the name, case and accents aside.")
    ] = None,
    ingredient: Annotated[
        list[str], Query(max_length=20, description="Id or exact name; means all below it too. All must be in.")
    ] = [],  # noqa: B006  # FastAPI copies defaults
    exclude: Annotated[
        list[str], Query(max_length=20, description="Id or exact name; means all below it too. None may be in.")
    ] = [],  # noqa: B006
    category: Annotated[str | None, Query(max_length=MAX_NAME, description="The whole category, case aside.")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_PAGE,
) -> Page[Recipe]:
    """Recipes that meet all that is given, by name then id."""
    return search_recipes(services.catalogue.database, Criteria(q, ingredient, exclude, category), cursor, limit)


@router.get("/recipes/{recipe_id}", responses=_READ)
def get_recipe(recipe_id: ItemId, services: ServicesOf, response: Response) -> Recipe:
    """One recipe."""
    return _tagged(services.catalogue.recipes.get(recipe_id), response)


@router.put("/recipes/{recipe_id}", responses=_CHANGE)
def replace_recipe(
    recipe_id: ItemId, draft: RecipeDraft, services: ServicesOf, response: Response, if_match: IfMatch = None
) -> Recipe:
    """Replace a recipe whole."""
    changed = services.catalogue.recipes.replace(recipe_id, draft, if_match)
    services.trigger.request()
    return _tagged(changed, response)


@router.patch("/recipes/{recipe_id}", responses=_CHANGE)
def patch_recipe(
    recipe_id: ItemId, patch: RecipePatch, services: ServicesOf, response: Response, if_match: IfMatch = None
) -> Recipe:
    """Change the fields sent; `ingredients`, if sent, is replaced whole."""
    changed = services.catalogue.recipes.patch(recipe_id, _sent(patch), if_match)
    services.trigger.request()
    return _tagged(changed, response)


@router.delete("/recipes/{recipe_id}", status_code=204, responses=_CHANGE)
def delete_recipe(recipe_id: ItemId, services: ServicesOf, if_match: IfMatch = None) -> None:
    """Remove a recipe."""
    services.catalogue.recipes.delete(recipe_id, if_match)
    services.trigger.request()


@router.get("/units")
def list_units(services: ServicesOf, cursor: Cursor = None, limit: Limit = DEFAULT_PAGE) -> Page[Unit]:
    """Units by name then id."""
    return services.catalogue.units.list(cursor, limit)


@router.post("/units", status_code=201, responses=_WRITE)
def create_unit(draft: UnitDraft, services: ServicesOf, request: Request, response: Response) -> Unit:
    """Add a unit of measure."""
    created = services.catalogue.units.create(draft)
    services.trigger.request()
    return _located(created, request, response)


@router.get("/units/{unit_id}", responses=_READ)
def get_unit(unit_id: ItemId, services: ServicesOf, response: Response) -> Unit:
    """One unit."""
    return _tagged(services.catalogue.units.get(unit_id), response)


def _sent(patch: Draft) -> dict[str, Any]:
    return {field: getattr(patch, field) for field in patch.model_fields_set}


def _tagged(item: Item, response: Response) -> Item:
    response.headers["ETag"] = item_etag(item)
    return item


def _located(item: Item, request: Request, response: Response) -> Item:
    response.headers["Location"] = f"{request.url.path}/{item.id}"
    return _tagged(item, response)
