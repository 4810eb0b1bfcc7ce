"""The shape of `manifest.json`: what there is to be read, and thereby who may read what."""

from typing import Annotated

from pydantic import Field

from parcook.artifacts.shapes.base import Audience, Count, Day, Shape, Time


class View(Shape):
    """One artifact as the manifest names it."""

    path: str = Field(description="the immutable file beside the manifest, `<type>.<sha12>.json`")
    sha256: str = Field(description="checksum of the file")
    bytes: Count = Field(description="its size")
    generated_at: Time = Field(description="when it was cooked")
    audience: Audience = Field(description="who may read it")


class Site(Shape):
    """What the page calls itself."""

    title: str = Field(description="the name in the header")


class StampShape(Shape):
    """A state of the catalogue."""

    version: Count = Field(description="how many changes the catalogue has seen")
    token: str = Field(description="a random word that is new with every change")


class Manifest(Shape):
    """What there is to be read: `manifest.json`, written last. It is the list of permissions too."""

    storage_version: str = Field(description="the version of these shapes")
    generated_at: Time = Field(description="when this generation was cooked")
    generation: Count = Field(description="goes up by one whenever a view changes; pages reload by it")
    storage_version_since: Time | None = Field(None, description="when the first generation of this version was cooked")
    catalogue: StampShape | None = Field(None, description="the state of the catalogue told of; public manifest only")
    stamp: str | None = Field(None, description="a digest of the data told of; internal manifest only")
    data_through: Day | None = Field(None, description="the last complete day; internal manifest only")
    incomplete_from: Day | None = Field(None, description="the first day that is not over and exported")
    first_day: Day | None = Field(None, description="the first day with any data")
    timezone: str = Field(description="the report zone, an IANA name")
    week_start: Annotated[int, Field(ge=1, le=7)] = Field(description="first day of the week: 1 is Monday, 7 Sunday")
    min_people: Count = Field(1, description="breakdowns count at least so many people, or they are withheld")
    site: Site = Field(description="what the page calls itself")
    views: dict[str, View] = Field(description="the artifacts there are, by type")
