"""What is DynamoDB's alone: tables, guards and what a crash leaves of them, writes that are put off."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from parcook.errors import SchemaRefused, SettingsError, Unavailable
from parcook.events.dynamodb import SCHEMA_VERSION, DynamoEvents
from parcook.events.dynamodb_items import event_key, guard_item
from parcook.events.opening import open_events
from tests.events.making import MS, NOON, full_event, identifier, make_event
from tests.servers.dynamodb import DynamoServer, start_moto


@pytest.fixture
def url(moto_dynamodb: DynamoServer, monkeypatch: pytest.MonkeyPatch) -> str:
    for variable, value in moto_dynamodb.environment.items():
        monkeypatch.setenv(variable, value)
    return moto_dynamodb.new_table()


@pytest.fixture
def store(url: str) -> Any:
    opened = open_events(url)
    yield opened
    opened.close()


@pytest.fixture
def client(url: str) -> Any:
    return boto3.client("dynamodb")


def table_of(url: str) -> str:
    return url.removeprefix("dynamodb://").partition("?")[0]


def test_the_tables_are_what_the_specification_and_privacy_ask_for(store: DynamoEvents, client: Any, url: str) -> None:
    events = client.describe_table(TableName=table_of(url))["Table"]
    assert events["KeySchema"] == [
        {"AttributeName": "conversation_id", "KeyType": "HASH"},
        {"AttributeName": "timestamp", "KeyType": "RANGE"},
    ]
    assert events["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert events["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    indexes = {index["IndexName"]: index["KeySchema"] for index in events["GlobalSecondaryIndexes"]}
    assert {name: [key["AttributeName"] for key in keys] for name, keys in indexes.items()} == {
        "date-index": ["date_str", "timestamp"],
        "user-index": ["user_ref", "timestamp"],
    }
    expiry = client.describe_time_to_live(TableName=table_of(url))["TimeToLiveDescription"]
    assert (expiry["AttributeName"], expiry["TimeToLiveStatus"]) == ("ttl", "ENABLED")
    keys = client.describe_table(TableName=f"{table_of(url)}-keys")["Table"]
    assert "StreamSpecification" not in keys
    backups = client.describe_continuous_backups(TableName=f"{table_of(url)}-keys")["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_an_item_has_the_specifications_names_and_expires(store: DynamoEvents, client: Any, url: str) -> None:
    event = full_event()
    store.append([event])
    item = client.get_item(TableName=table_of(url), Key=event_key(event))["Item"]
    assert item["timestamp"] == {"S": f"2025-01-15T12:00:00.007Z#{event.message_id}"}
    assert item["message"] == {"S": event.text}
    assert item["date_str"] == {"S": "2025-01-15"}
    assert item["ttl"] == {"N": str(event.expires_at)}
    assert {"role", "user_ref", "has_recipe", "recipe_name", "metadata"} <= item.keys()
    items = client.scan(TableName=table_of(url))["Items"]
    guards = [item for item in items if item["timestamp"]["S"].startswith("guard#")]
    assert [guard["ttl"] for guard in guards] == [{"N": str(event.expires_at)}]
    assert "date_str" not in guards[0]
    assert "user_ref" not in guards[0]


@pytest.mark.parametrize("shift", [timedelta(0), timedelta(hours=2), timedelta(days=-3)])
def test_a_guard_that_a_crash_left_alone_is_completed_by_the_next_to_send(
    store: DynamoEvents, client: Any, url: str, shift: timedelta
) -> None:
    event = make_event(text="hello")
    client.put_item(TableName=table_of(url), Item=guard_item(event))
    assert list(store.conversation(event.conversation_id, NOON)) == []
    again = replace(make_event(ts=NOON + shift, text="hello"), day=(NOON + shift).date())
    assert store.append([again]) == [True]
    assert list(store.conversation(event.conversation_id, NOON)) == [event]
    assert list(store.day(NOON.date(), NOON)) == [event]
    assert store.append([replace(event, ts=NOON + MS)]) == [False]


def test_writes_that_are_put_off_are_made_later(store: DynamoEvents, monkeypatch: pytest.MonkeyPatch) -> None:
    write = store._client.batch_write_item
    calls: list[int] = []

    def put_off(RequestItems: dict[str, list[Any]]) -> dict[str, Any]:
        calls.append(1)
        ((table, requests),) = RequestItems.items()
        done, left = requests[: len(requests) // 2], requests[len(requests) // 2 :]
        if len(requests) < 3:
            return write(RequestItems=RequestItems)
        write(RequestItems={table: done})
        return {"UnprocessedItems": {table: left}}

    monkeypatch.setattr(store._client, "batch_write_item", put_off)
    events = [make_event(f"m-{number}", ts=NOON + number * MS) for number in range(60)]
    assert store.append(events) == [True] * 60
    assert list(store.day(NOON.date(), NOON)) == events
    assert len(calls) > 3


def test_writes_that_are_put_off_for_ever_are_an_outage_and_a_retry_completes_them(
    store: DynamoEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [make_event(f"m-{number}") for number in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr("parcook.events.dynamodb.MAX_TRIES", 2)
        patched.setattr(store._client, "batch_write_item", lambda RequestItems: {"UnprocessedItems": RequestItems})
        with pytest.raises(Unavailable):
            store.append(events)
    assert list(store.day(NOON.date(), NOON)) == []
    assert store.append(events) == [True] * 3
    assert len(list(store.day(NOON.date(), NOON))) == 3


def test_a_busy_day_is_spread_over_its_shards(url: str, client: Any) -> None:
    store = open_events(f"{url}&shards=4")
    store.append([make_event(f"m-{number}") for number in range(80)])
    items = client.scan(TableName=table_of(url))["Items"]
    days = {item["date_str"]["S"] for item in items if "date_str" in item}
    assert days == {f"2025-01-15#{shard:02d}" for shard in range(4)}
    store.close()


def test_shards_can_become_more_and_fewer_and_hide_nothing(url: str) -> None:
    stored = []
    for shards in (1, 3, 2):
        with closing(open_events(f"{url}&shards={shards}")) as store:
            events = [make_event(f"{shards} {number}", ts=NOON + (shards * 100 + number) * MS) for number in range(12)]
            assert store.append(events) == [True] * 12
            stored = sorted([*stored, *events], key=lambda event: event.ts)
            assert list(store.day(NOON.date(), NOON)) == stored


def test_opening_again_makes_nothing_and_has_expiry_enabled_again(store: DynamoEvents, client: Any, url: str) -> None:
    table = table_of(url)
    client.update_time_to_live(TableName=table, TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": False})
    made = client.describe_table(TableName=table)["Table"]["CreationDateTime"]
    open_events(url).close()
    assert client.describe_table(TableName=table)["Table"]["CreationDateTime"] == made
    assert client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_a_table_of_something_else_is_refused(client: Any, url: str) -> None:
    client.create_table(
        TableName=table_of(url),
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(SchemaRefused, match="is of something else"):
        open_events(url)


def test_a_newer_schema_is_refused_by_name(store: DynamoEvents, url: str) -> None:
    store.records.put("dynamodb", "schema", {"version": SCHEMA_VERSION + 1, "shards": 1})
    with pytest.raises(SchemaRefused, match=f"schema {SCHEMA_VERSION + 1}"):
        open_events(url)


def test_an_erasure_that_was_cut_short_finds_the_event_again_and_leaves_no_guard(
    store: DynamoEvents, client: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(user="u-1")
    store.append([event])
    delete = store._client.delete_item

    def only_guards(**request: Any) -> Any:
        if request["Key"] == event_key(event):
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1")
        return delete(**request)

    with monkeypatch.context() as patched:
        patched.setattr(store._client, "delete_item", only_guards)
        with pytest.raises(Unavailable):
            store.delete([event])
    assert store.delete(list(store.person(identifier("u-1"), NOON))) == 1
    assert client.scan(TableName=table_of(url))["Items"] == []


def test_an_event_erased_while_it_is_sent_again_is_an_outage_and_comes_the_next_time(
    store: DynamoEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event()
    store.append([event])
    get = store._client.get_item
    with monkeypatch.context() as patched:
        patched.setattr(store._client, "get_item", lambda **request: store.delete([event]) and get(**request))
        with pytest.raises(Unavailable, match="erased in the moment"):
            store.append([event])
    assert store.append([event]) == [True]


def test_no_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(SettingsError, match="names no region"):
        open_events("dynamodb://events")


def test_no_answer_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with pytest.raises(Unavailable, match="DynamoDB refused"):
        open_events("dynamodb://events?region=us-east-1")


def test_a_server_that_goes_away_is_an_outage_for_whatever_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "parcook.events.dynamodb_calls._CONFIG", Config(retries={"total_max_attempts": 1}, connect_timeout=2)
    )
    with start_moto() as server:
        for variable, value in server.environment.items():
            monkeypatch.setenv(variable, value)
        store = open_events(server.new_table())
        assert store.append([make_event()]) == [True]
    with closing(store):
        for ask in (
            lambda: store.append([make_event("another")]),
            lambda: list(store.day(NOON.date(), NOON)),
            lambda: list(store.person(identifier("u-1"), NOON)),
            lambda: store.delete([make_event()]),
            lambda: store.sweep(NOON),
            lambda: store.oldest_day(),
            lambda: store.ping(),
            lambda: store.records.get("kind", "key"),
            lambda: store.records.put("kind", "key", {}),
            lambda: list(store.records.list("kind")),
            lambda: store.records.delete("kind", "key"),
        ):
            with pytest.raises(Unavailable):
                ask()


@pytest.mark.parametrize(
    "bad",
    ["dynamodb://", "dynamodb://t?shards=0", "dynamodb://t?shards=x", "dynamodb://t?colour=red", "dynamodb://t/path",
     "sqlite://host/x", "sqlite:///x?y=1", "mongodb://x", ""],
)  # fmt: skip
def test_an_address_that_names_no_store_is_told(bad: str) -> None:
    with pytest.raises(SettingsError, match="PARCOOK_EVENTS_URL"):
        open_events(bad)
