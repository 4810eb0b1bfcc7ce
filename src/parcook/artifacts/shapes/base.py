"""What all shapes are made of: days, times, counts and shares, and the envelope of an artifact."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Audience = Literal["public", "internal"]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Time = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Shape(BaseModel):
    """A part of an artifact. It has these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


D = TypeVar("D")
M = TypeVar("M")


class Artifact(Shape, Generic[D, M]):
    """An artifact as it is stored and served."""

    data: D = Field(description="what it says")
    metadata: M = Field(description="how it came about")
