"""The shapes of artifacts about the catalogue."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from parcook.artifacts.shapes.base import Count, Shape, Time


class CatalogueMetadata(BaseModel):
    """How an artifact about the catalogue came about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    analytics_type: str = Field(description="the artifact's name")
    generated_at: Time = Field(description="when it was cooked")
    storage_version: str = Field(description="the version of these shapes")
    total_recipes: Count = Field(description="recipes in the catalogue")
    catalogue_version: Count = Field(description="the state of the catalogue told of")
    source: Literal["stored", "live"] = Field(description="read from storage, or computed now")
    summary: str = Field(description="the sentence that heads it")
    degraded: bool = Field(False, description="storage failed, so this was computed")


class ComplexityMetadata(CatalogueMetadata):
    """As all of the catalogue, and the median."""

    median: float | None = Field(description="the median number of ingredients; null without recipes")


class UsageShape(Shape):
    """Usage of one ingredient."""

    ingredient_id: int = Field(description="its id in the catalogue")
    ingredient_name: str = Field(description="its name")
    parent_id: int | None = Field(description="the ingredient above; null for a root")
    path: str = Field(description="ids from the root to it, `/1/23/`")
    level: Count = Field(description="how many ingredients stand above it")
    recipe_count: Count = Field(description="the same as hierarchical_usage")
    direct_usage: Count = Field(description="recipes that list exactly it")
    hierarchical_usage: Count = Field(description="recipes that list it or anything below it, each once")
    uses: Count = Field(description="rows of recipes that list it or anything below it; they add up")
    has_children: bool = Field(description="whether anything stands below it")
    children_preview: list[str] = Field(max_length=3, description="its most used children")


class ComplexityShape(Shape):
    """Recipes with so many distinct ingredients."""

    ingredient_count: Count = Field(description="how many ingredients")
    recipe_count: Annotated[int, Field(ge=1)] = Field(description="recipes that have so many")
