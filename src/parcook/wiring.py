"""Settings → services: the only file that names concrete backends."""

from contextlib import ExitStack
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from parcook.access import Access, FailureThrottle, OidcVerifier, parse_groups
from parcook.artifacts.answers import Answers
from parcook.artifacts.insights.cook import InsightCook
from parcook.artifacts.refresh import Refresher
from parcook.artifacts.storage import AnalyticsStorage, InsightStorage
from parcook.artifacts.triggers import Trigger, make_trigger
from parcook.catalogue.credentials import Credentials
from parcook.catalogue.store import Catalogue, open_catalogue
from parcook.clock import Clock, utc_now
from parcook.conversations.gathering import Gatherer
from parcook.conversations.pseudonyms import DayKeys, StoreKey, load_secret
from parcook.conversations.tracker import Intake, NamedRecipes, Observed
from parcook.engines.contract import Engine
from parcook.events.contract import EventStore
from parcook.events.opening import open_events
from parcook.lake.opening import open_engine
from parcook.lake.place import Lake
from parcook.objects import Objects
from parcook.settings import Settings
from parcook.telemetry import AccessLog, Counters


@dataclass(frozen=True)
class Services:
    """Everything the doors need, opened. `close()` it at the end."""

    settings: Settings
    clock: Clock
    catalogue: Catalogue
    storage: AnalyticsStorage
    shelf: InsightStorage
    insights: InsightCook
    refresher: Refresher
    trigger: Trigger
    answers: Answers
    access: Access
    throttle: FailureThrottle
    events: EventStore
    intake: Intake
    gatherer: Gatherer
    key: StoreKey
    lake: Lake
    engine: Engine
    counters: Counters
    access_log: AccessLog

    def close(self) -> None:
        """Stop what runs and close what is open."""
        self.trigger.stop()
        self.gatherer.close()
        self.access_log.close()
        self.events.close()
        self.catalogue.close()


def open_services(settings: Settings, clock: Clock = utc_now) -> Services:
    """Open everything `settings` name; nothing runs until `trigger.start()`.

    Raises `SettingsError`, `SchemaRefused` or `Unavailable` as the parts do.
    """
    oidc = _oidc(settings)
    storage = AnalyticsStorage(settings.storage_url)
    objects, private = Objects(settings.lake_url), Objects(settings.private_url)
    engine = open_engine(settings.engine_url, objects)
    secret = load_secret(settings)
    zone = ZoneInfo(settings.timezone)
    with ExitStack() as opened:  # what is open is closed again if a later part cannot be opened
        catalogue = open_catalogue(settings.catalogue_url)
        opened.callback(catalogue.close)
        catalogue.settle("timezone", settings.timezone)
        events = open_events(settings.events_url)
        opened.callback(events.close)
        key = StoreKey.settled(secret, events.records)
        opened.pop_all()
    counters = Counters()
    about = {
        "timezone": settings.timezone,
        "week_start": settings.week_start,
        "site": {"title": settings.site_title},
    }
    refresher = Refresher(catalogue, storage, about)
    trigger = make_trigger(settings.refresh_url, refresher, counters.refresh_failures.inc)
    answers = Answers(catalogue, storage, on_gap=lambda: trigger.request(force=True), on_degraded=counters.degraded.inc)
    intake = Intake(
        events,
        key,
        zone,
        lambda: NamedRecipes(catalogue.state().stamp, catalogue.named_recipes),
        frozenset(filter(None, settings.metadata_keys.split(","))),
        Observed(counters.count_redacted, counters.unredactable.inc, counters.count_event),
    )
    lake = Lake(
        objects=objects,
        private=private,
        store=events,
        keys=DayKeys(events.records, zone),
        catalogue=catalogue,
        zone=zone,
        format=settings.lake_format,
        text=settings.lake_text,
        min_people=settings.min_people,
    )
    shelf = InsightStorage(storage.objects)
    # The days' numbers are few: they are asked here, also where another engine has the rest of the lake.
    insights = InsightCook(lake, lambda: open_engine("duckdb://", objects), shelf, about, clock)
    return Services(
        settings=settings,
        clock=clock,
        catalogue=catalogue,
        storage=storage,
        shelf=shelf,
        insights=insights,
        refresher=refresher,
        trigger=trigger,
        answers=answers,
        access=Access(Credentials(catalogue.database), oidc=oidc),
        throttle=FailureThrottle(),
        events=events,
        intake=intake,
        gatherer=Gatherer(intake),
        key=key,
        lake=lake,
        engine=engine,
        counters=counters,
        access_log=AccessLog(),
    )


def _oidc(settings: Settings) -> OidcVerifier | None:
    if not settings.auth_issuer:
        return None
    return OidcVerifier(settings.auth_issuer, settings.auth_audience, parse_groups(settings.auth_groups))
