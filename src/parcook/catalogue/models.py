"""What a catalogue holds and what may be put into it: records come out, drafts go in.

A draft is the only way in, for HTTP, bulk and import alike, so a rule stated here holds everywhere.
Drafts are strict (no `"2"` for 2, no unknown fields), except that the read-only fields of a record may
be sent back: what was read may be edited and put.
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from parcook.catalogue.names import clean_name, clean_text

MAX_ID = 2**63 - 1
MAX_LINES = 200
# With the longest ids a path of so many levels still fits into an index of PostgreSQL (2,704 bytes).
MAX_LEVELS = 100

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Name = Annotated[str, Field(max_length=1_000), AfterValidator(clean_name)]
Category = Annotated[str, Field(max_length=100), AfterValidator(clean_name)]
Line = Annotated[str, Field(max_length=2_000), AfterValidator(clean_text)]
Prose = Annotated[str, Field(max_length=50_000), AfterValidator(clean_text)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Draft(BaseModel):
    """The base of everything that goes in."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _drop_read_only(cls, data: Any) -> Any:
        if isinstance(data, dict) and cls.read_only & data.keys():
            return {key: value for key, value in data.items() if key not in cls.read_only}
        return data


def explain(error: ValidationError) -> str:
    """What is wrong, field by field, without repeating what was sent."""
    return "; ".join(
        ": ".join(filter(None, (".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, "))))
        for fault in error.errors(include_input=False, include_context=False, include_url=False)
    )


class IngredientDraft(Draft):
    """An ingredient as it goes in; without `parent_id` it is a root."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Bourbon", "description": "At least 51 % corn.", "parent_id": 2}]}
    )
    read_only: ClassVar[frozenset[str]] = frozenset({"id", "path", "level"})

    name: Name
    description: Prose | None = None
    parent_id: Id | None = None


class IngredientPatch(Draft):
    """The fields to change; a field that is not sent stays, `null` clears it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"parent_id": None}]})

    name: Name = ""
    description: Prose | None = None
    parent_id: Id | None = None


class Ingredient(BaseModel):
    """An ingredient as it comes out. `path` lists its ancestors and itself; `level` counts the ancestors."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": 7, "name": "Bourbon", "description": None, "parent_id": 2, "path": "/1/2/7/", "level": 2}
            ]
        }
    )

    id: int
    name: str
    description: str | None
    parent_id: int | None
    path: str
    level: int


class UnitDraft(Draft):
    """A unit of measure as it goes in; `conversion_to_ml` is null where a volume makes no sense."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "ounce", "abbreviation": "oz", "conversion_to_ml": 29.5735}]}
    )
    read_only: ClassVar[frozenset[str]] = frozenset({"id"})

    name: Name
    abbreviation: Category | None = None
    conversion_to_ml: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] | None = None


class Unit(BaseModel):
    """A unit of measure as it comes out."""

    id: int
    name: str
    abbreviation: str | None
    conversion_to_ml: float | None


class RecipeLineDraft(Draft):
    """One ingredient of a recipe, by id or by name; if both are sent they must agree. `amount` null: to taste."""

    ingredient_id: Id | None = None
    ingredient_name: Name | None = None
    amount: Amount | None = None
    unit_id: Id | None = None
    unit_name: Name | None = None

    @model_validator(mode="after")
    def _names_an_ingredient(self) -> Self:
        if self.ingredient_id is None and self.ingredient_name is None:
            raise ValueError("needs ingredient_id or ingredient_name")
        return self


class RecipeDraft(Draft):
    """A recipe as it goes in. The order of its ingredients is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Negroni",
                    "category": "Aperitivo",
                    "ingredients": [{"ingredient_id": 12, "amount": 1, "unit_id": 1}],
                }
            ]
        }
    )
    read_only: ClassVar[frozenset[str]] = frozenset({"id"})

    name: Name
    category: Category | None = None
    description: Prose | None = None
    instructions: Prose | None = None
    source: Line | None = None
    source_url: Line | None = None
    image_url: Line | None = None
    ingredients: Annotated[list[RecipeLineDraft], Field(max_length=MAX_LINES)] = []


class RecipePatch(Draft):
    """The fields to change; a field that is not sent stays, `null` clears it, `ingredients` is replaced whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"category": "Aperitivo"}]})

    name: Name = ""
    category: Category | None = None
    description: Prose | None = None
    instructions: Prose | None = None
    source: Line | None = None
    source_url: Line | None = None
    image_url: Line | None = None
    ingredients: Annotated[list[RecipeLineDraft], Field(max_length=MAX_LINES)] = []


class RecipeLine(BaseModel):
    """One ingredient of a recipe as it comes out."""

    ingredient_id: int
    ingredient_name: str
    amount: float | None
    unit_id: int | None
    unit_name: str | None


class Recipe(BaseModel):
    """A recipe as it comes out."""

    id: int
    name: str
    category: str | None
    description: str | None
    instructions: str | None
    source: str | None
    source_url: str | None
    image_url: str | None
    ingredients: list[RecipeLine]


class BulkIngredient(Draft):
    """An ingredient in a bulk request; the parent, by name or id, may stand in the same request, in any order."""

    name: Name
    description: Prose | None = None
    parent_name: Name | None = None
    parent_id: Id | None = None

    @model_validator(mode="after")
    def _names_one_parent(self) -> Self:
        if self.parent_id is not None and self.parent_name is not None:
            raise ValueError("takes parent_id or parent_name, not both")
        return self
