"""`parcook verify`: is what is stored what the catalogue says, and is the catalogue in order?"""

import json
from typing import Any

from parcook.artifacts.cooking import without_time
from parcook.artifacts.definitions import DEFINITIONS, Cooked
from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.storage import AnalyticsStorage, InsightStorage
from parcook.catalogue.analytics import AnalyticsQueries
from parcook.catalogue.order import find_disorder
from parcook.catalogue.store import Catalogue, Stamp
from parcook.clock import utc_now
from parcook.errors import Corrupt


def find_faults(catalogue: Catalogue, storage: AnalyticsStorage) -> list[dict[str, Any]]:
    """`{code, message}` for every artifact that differs from a fresh computation, and every path that is wrong.

    Raises `Unavailable` if the database or storage does not answer.
    """
    state, usage = AnalyticsQueries(catalogue).measure()
    fresh = Cooked(state.stamp, usage, utc_now())
    faults = []
    for definition in DEFINITIONS:
        expected = fresh.envelope(definition.name, "stored")
        try:
            stored = storage.get_analytics(definition.name)
        except Corrupt as error:
            faults.append({"code": "corrupt", "message": error.detail})
            continue
        if stored is None:
            faults.append({"code": "missing", "message": f"{definition.name} is not stored; run `parcook refresh`"})
        elif without_time(stored) != without_time(expected):
            code = "stale" if stored["metadata"].get("catalogue_version") != state.stamp.version else "wrong"
            faults.append({"code": code, "message": f"{definition.name} is {code}; run `parcook refresh --force`"})
    faults = faults or _manifest_faults(storage, state.stamp)
    return faults + find_disorder(catalogue.database, {row["ingredient_id"]: row["path"] for row in usage.rows})


def _manifest_faults(storage: AnalyticsStorage, stamp: Stamp) -> list[dict[str, Any]]:
    try:
        manifest, is_whole = storage.manifest(), storage.is_whole()
    except Corrupt as error:
        return [{"code": "corrupt", "message": error.detail}]
    if manifest is not None and manifest.stamp != stamp:
        return [{"code": "stale", "message": "the manifest is stale; run `parcook refresh`"}]
    if not is_whole:
        message = "the manifest, or a file that it names, is not stored; run `parcook refresh --force`"
        return [{"code": "missing", "message": message}]
    return []


def find_insight_faults(cook: InsightCook, shelf: InsightStorage) -> list[dict[str, Any]]:
    """`{code, message}` for every artifact about conversations that is not what the lake says.

    Raises `Unavailable` if the store, the lake or storage does not answer.
    """
    expected, _ = cook.fresh()
    try:
        manifest = shelf.manifest()
    except Corrupt as error:
        return [{"code": "corrupt", "message": error.detail}]
    paths = manifest.paths if manifest is not None else {}
    if paths.keys() != expected.keys():
        return [{"code": "stale", "message": "the artifacts about conversations are stale; run `parcook refresh`"}]
    faults = []
    for name, path in paths.items():
        try:
            is_right = without_time(json.loads(shelf.read_named(path))) == without_time(expected[name])
        except Corrupt as error:
            faults.append({"code": "corrupt", "message": error.detail})
            continue
        if not is_right:
            code = "wrong" if cook.is_current() else "stale"
            faults.append({"code": code, "message": f"{name} is {code}; run `parcook refresh --force`"})
    if not faults and manifest is not None and not shelf.is_whole():
        message = "a file about conversations is not what the manifest says; run `parcook refresh --force`"
        faults.append({"code": "missing", "message": message})
    return faults
