"""The shapes of artifacts about what people want."""

from typing import Annotated, Literal

from pydantic import Field

from parcook.artifacts.shapes.base import Count, Day, Shape, Share
from parcook.artifacts.shapes.periods import ByPeriod, PeriodDays


class TopRecipe(Shape):
    """A recipe people talk about."""

    recipe_name: str = Field(description="its name")
    category: str | None = Field(description="its category")
    conversations: Count = Field(description="conversations about it; what it is ranked by")
    conversations_before: Count | None = Field(description="in the previous period; null if that is not known")
    mentions: Count = Field(description="messages that name it")
    user_days: Count | None = Field(description="people times days; null if withheld")
    asked: Count = Field(description="mentions by people")
    offered: Count = Field(description="mentions by the assistant")
    place: Annotated[int, Field(ge=1)] = Field(description="its rank")
    previous_place: int | None = Field(description="its rank in the previous period; null if it had none")


class CategoryShare(Shape):
    """A category's part of the recipe conversations; `uncategorised` is one of them."""

    category: str = Field(description="its key, `soup_stew`")
    conversations: float = Field(ge=0, description="recipe conversations; one of several categories is divided")
    share: Share | None = Field(description="of all recipe conversations")
    share_before: Share | None = Field(description="in the previous period")


class CategoryWeek(Shape):
    """One ISO week; the last may be unfinished."""

    week_start: Day = Field(description="its Monday")
    shares: list[Share] = Field(description="parallel to `categories`; they add up to 1, or all are 0")
    conversations: float = Field(ge=0, description="recipe conversations")
    complete: bool = Field(description="all its days are over and exported")


class Categories(ByPeriod[CategoryShare]):
    """recipe-categories: shares of periods, and of up to 53 weeks."""

    categories: list[str] = Field(description="in an order that stays: most conversations of all weeks first")
    weeks: list[CategoryWeek] = Field(description="in order, no week left out")
    weeks_summary: str | None = Field(description="the sentence about what moved")


class SeasonRow(Shape):
    """A category over twelve months."""

    category: str = Field(description="its key")
    season_index: list[float | None] = Field(max_length=12, description="parallel to `months`; 100 is its mean")


class Seasons(Shape):
    """seasonality: twelve whole months, or none before there are twelve."""

    months: list[str] = Field(max_length=12, description="`2025-01`, oldest first")
    categories: list[SeasonRow] = Field(description="most conversations first")
    months_so_far: Count = Field(description="how many whole months there are")


class Gap(Shape):
    """Something asked for that is not there."""

    name: str = Field(description="what was asked for")
    reason: Literal["no_match", "refused"] = Field(description="no recipe has the name, or the assistant refused")
    requests: Count = Field(description="how often")
    requests_before: Count | None = Field(description="in the previous period")
    user_days: Count | None = Field(description="people times days; null if withheld")
    refused: Count = Field(description="how often the assistant refused")
    nearest: str | None = Field(description="the recipe whose name is nearest, if one is near")
    weeks: list[Count] = Field(max_length=12, description="requests in the last twelve whole weeks, oldest first")


class DemandIngredient(Shape):
    """An ingredient as the catalogue offers it."""

    ingredient_id: int = Field(description="its id in the catalogue")
    name: str = Field(description="its name")
    parent_id: int | None = Field(description="the ingredient above; null for a root")
    path: str = Field(description="ids from the root to it, `/1/23/`")
    recipes: Count = Field(description="recipes with it or anything below it, each once")
    supply_share: Share | None = Field(description="of all recipes")


class DemandPeriod(Shape):
    """What people asked for in a period; columns parallel to `ingredients`."""

    days: PeriodDays = Field(description="its length")
    first: Day = Field(description="its first day")
    last: Day = Field(description="its last day")
    n: Count = Field(description="recipe conversations")
    complete: bool = Field(description="every one of its days is over and exported")
    suppressed: Count = Field(description="how many cells were withheld")
    summary: str | None = Field(description="the sentence that heads the card for it")
    conversations: list[Count] = Field(description="with the ingredient or anything below it, each once")
    demand_share: list[Share | None] = Field(description="of the recipe conversations")
    demand_share_before: list[Share | None] = Field(description="in the previous period")
    lift: list[float | None] = Field(description="demand_share over supply_share; null where either base is under 20")


class Demand(Shape):
    """ingredient-demand: every ingredient that the catalogue has, or people asked for."""

    ingredients: list[DemandIngredient] = Field(description="most recipes first")
    total_recipes: Count = Field(description="recipes in the catalogue")
    periods: list[DemandPeriod] = Field(description="shortest first")
