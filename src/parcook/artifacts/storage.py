"""The two shelves of an installation: `analytics/` about the catalogue, `insights/` about conversations."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from parcook.artifacts.definitions import STORAGE_VERSION, Content, encode, make_envelope
from parcook.artifacts.shapes.base import Audience
from parcook.artifacts.shelf import FILE_NAME, MANIFEST, Generation, Shelf
from parcook.catalogue.store import Stamp
from parcook.clock import Clock, format_time, utc_now
from parcook.errors import Corrupt, Invalid
from parcook.objects import Objects

Manifest = Generation[Stamp]

__all__ = ["FILE_NAME", "MANIFEST", "AnalyticsStorage", "InsightStorage", "Manifest"]


class AnalyticsStorage(Shelf[Stamp]):
    """The artifacts about the catalogue under one storage URL, or in the S3 bucket of that name."""

    folder: ClassVar[str] = "analytics"
    audience: ClassVar[Audience] = "public"

    def __init__(self, url: str, *, clock: Clock = utc_now, storage_version: str = STORAGE_VERSION) -> None:
        super().__init__(Objects(url if "://" in url else f"s3://{url}"), storage_version)
        self._clock = clock

    def tell_stamp(self, stamp: Stamp) -> Mapping[str, Any]:
        """The state of the catalogue."""
        return {"catalogue": {"version": stamp.version, "token": stamp.token}}

    def read_stamp(self, document: Mapping[str, Any]) -> Stamp:
        """The state of the catalogue that was told."""
        return Stamp(int(document["catalogue"]["version"]), str(document["catalogue"]["token"]))

    def get_analytics(self, analytics_type: str) -> dict[str, Any] | None:
        """The stored envelope of an artifact, decoded; None only if there is none.

        Raises `Unavailable` if storage refuses, `Corrupt` if what it holds is no envelope of this artifact.
        """
        blob = self.objects.get(self.key(f"{analytics_type}.json"))
        return None if blob is None else self.decode(analytics_type, blob.body)

    def put_analytics(self, analytics_type: str, data: Sequence[Mapping[str, Any]], **metadata: Any) -> bool:
        """Store `data` as an artifact, `metadata` beside what every artifact has. True, or it raises.

        Raises `Unavailable`; `Invalid` for a whole envelope in place of its rows.
        """
        if isinstance(data, Mapping):
            raise Invalid("data is a list of rows; the envelope is made here, and what else it says is given by name")
        envelope = make_envelope(
            analytics_type,
            Content(data, {}),
            generated_at=format_time(self._clock()),
            **{"source": "stored", "storage_version": self.storage_version, **metadata},
        )
        self.objects.put(self.key(f"{analytics_type}.json"), encode(envelope))
        return True

    def decode(self, analytics_type: str, body: bytes) -> dict[str, Any] | None:
        """The envelope in `body`; None if another storage version wrote it. Raises `Corrupt` if it is none at all."""
        try:
            document = json.loads(body)
            metadata = document["metadata"]
            stored_version, stored_type = metadata["storage_version"], metadata["analytics_type"]
            well_formed = isinstance(document["data"], list) and stored_type == analytics_type
        except (ValueError, TypeError, KeyError, RecursionError):
            well_formed, stored_version, document = False, None, {}
        if not well_formed:
            raise Corrupt(f"{self.key(analytics_type)}.json in {self.objects.url} is no {analytics_type} artifact")
        return document if stored_version == self.storage_version else None


class InsightStorage(Shelf[str]):
    """The artifacts about conversations, beside those about the catalogue."""

    folder: ClassVar[str] = "insights"
    audience: ClassVar[Audience] = "internal"

    def tell_stamp(self, stamp: str) -> Mapping[str, Any]:
        """A digest of the data."""
        return {"stamp": stamp}

    def read_stamp(self, document: Mapping[str, Any]) -> str:
        """The digest that was told."""
        return str(document["stamp"])
