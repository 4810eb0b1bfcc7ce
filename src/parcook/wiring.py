"""Settings → services: the only file that names concrete backends."""

from dataclasses import dataclass

from parcook.access import Access, FailureThrottle, OidcVerifier, parse_groups
from parcook.artifacts.answers import Answers
from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage
from parcook.artifacts.triggers import Trigger, make_trigger
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.settings import Settings
from parcook.telemetry import AccessLog, Counters


@dataclass(frozen=True)
class Services:
    """Everything the doors need, opened. `close()` it at the end."""

    settings: Settings
    catalogue: Catalogue
    storage: AnalyticsStorage
    refresher: Refresher
    trigger: Trigger
    answers: Answers
    access: Access
    throttle: FailureThrottle
    counters: Counters
    access_log: AccessLog

    def close(self) -> None:
        """Stop what runs and close what is open."""
        self.trigger.stop()
        self.access_log.close()
        self.catalogue.close()


def open_services(settings: Settings) -> Services:
    """Open everything `settings` name; nothing runs until `trigger.start()`.

    Raises `SettingsError`, `SchemaRefused` or `Unavailable` as the parts do.
    """
    oidc = _oidc(settings)
    storage = AnalyticsStorage(settings.storage_url)
    catalogue = open_catalogue(settings.catalogue_url)
    try:
        catalogue.settle("timezone", settings.timezone)
    except BaseException:
        catalogue.close()
        raise
    counters = Counters()
    about = {
        "timezone": settings.timezone,
        "week_start": settings.week_start,
        "site": {"title": settings.site_title},
    }
    refresher = Refresher(catalogue, storage, about)
    trigger = make_trigger(settings.refresh_url, refresher, counters.refresh_failures.inc)
    answers = Answers(catalogue, storage, on_gap=lambda: trigger.request(force=True), on_degraded=counters.degraded.inc)
    return Services(
        settings=settings,
        catalogue=catalogue,
        storage=storage,
        refresher=refresher,
        trigger=trigger,
        answers=answers,
        access=Access(Credentials(catalogue.database), oidc=oidc),
        throttle=FailureThrottle(),
        counters=counters,
        access_log=AccessLog(),
    )


def _oidc(settings: Settings) -> OidcVerifier | None:
    if not settings.auth_issuer:
        return None
    return OidcVerifier(settings.auth_issuer, settings.auth_audience, parse_groups(settings.auth_groups))
