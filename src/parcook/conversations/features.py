"""The features that an installation knows: a bounded list, so that no id can pass for one and no map grows for ever."""

from parcook.errors import Rejected
from parcook.events.contract import Records

MAX_FEATURES = 200
KIND = "feature"


class KnownFeatures:
    """Names of features as they come in, remembered beside the events. Threads may share it.

    Processes that meet new names in the same moment may each admit one more than `MAX_FEATURES`.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: frozenset[str] = frozenset()

    def admit(self, name: str) -> None:
        """Let a known name pass, and a new one while there is room. Raises `Rejected` with `too_many_features`."""
        if name in self._known:
            return
        known = frozenset(record.key for record in self._records.list(KIND))
        if name not in known:
            if len(known) >= MAX_FEATURES:
                raise Rejected(
                    "too_many_features", f"there are {MAX_FEATURES} features already; new ones are not taken"
                )
            self._records.put(KIND, name, {}, only_if_absent=True)
            known |= {name}
        self._known = known
