"""Object storage: one contract, kept by a folder, by memory and by S3."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from parcook import objects as objects_module
from parcook.errors import SettingsError, Unavailable
from parcook.objects import UNCHANGED, Blob, Objects
from tests.s3.operations import OPERATIONS, every_operation
from tests.servers.s3 import S3Server
from tests.servers.versitygw import VERSITYGW


@pytest.fixture
def objects(storage_url: str) -> Objects:
    return Objects(storage_url)


def body_of(found: object) -> bytes:
    assert isinstance(found, Blob)
    return found.body


def test_what_was_never_written_is_none(objects):
    assert objects.get("analytics/v1/nothing.json") is None
    assert objects.get_if_changed("analytics/v1/nothing.json", '"tag"') is None
    assert objects.list("analytics") == []


@pytest.mark.parametrize("body", [b"", b"{}", bytes(range(256)), b"x" * 1_000_000], ids=["0", "2", "256", "1 MB"])
def test_what_was_put_comes_back_byte_for_byte(objects, body):
    objects.put("a/b.json", body)
    assert body_of(objects.get("a/b.json")) == body


def test_overwriting_replaces_the_whole_object_and_its_tag(objects):
    objects.put("a.json", b"a long first body")
    first = objects.get("a.json")
    objects.put("a.json", b"short")
    second = objects.get("a.json")
    assert body_of(second) == b"short"
    assert first.etag != second.etag


def test_a_conditional_read_costs_no_body_while_the_tag_holds(objects):
    objects.put("a.json", b"one")
    tag = objects.get("a.json").etag
    assert tag
    assert objects.get_if_changed("a.json", tag) is UNCHANGED
    assert body_of(objects.get_if_changed("a.json", None)) == b"one"
    objects.put("a.json", b"other")
    assert body_of(objects.get_if_changed("a.json", tag)) == b"other"
    objects.delete("a.json")
    assert objects.get_if_changed("a.json", tag) is None


def test_listing_names_what_is_below_a_folder_and_no_neighbour(objects):
    for path in ("a/1.json", "a/b/2.json", "ab/3.json", "a.json"):
        objects.put(path, b"{}")
    listed = objects.list("a")
    assert sorted(entry.path for entry in listed) == ["a/1.json", "a/b/2.json"]
    assert all(abs(datetime.now(UTC) - entry.modified) < timedelta(minutes=1) for entry in listed)


def test_deleting_takes_one_object_away_and_twice_is_no_fault(objects):
    objects.put("a/1.json", b"{}")
    objects.put("a/2.json", b"{}")
    objects.delete("a/1.json")
    objects.delete("a/1.json")
    assert [entry.path for entry in objects.list("a")] == ["a/2.json"]


@pytest.mark.parametrize(
    "path",
    ["with space.json", "é/ñ 日本.json", "per%20cent%2F.json", "a?b=c", "a&b+c", "a*b", "~", "-", "a\\b", "A.JSON"],
)
def test_odd_paths_are_paths_like_any_other(objects, path):
    objects.put(path, path.encode())
    assert body_of(objects.get(path)) == path.encode()
    assert [entry.path for entry in objects.list("")] == [path]
    objects.delete(path)
    assert objects.get(path) is None


@pytest.mark.parametrize("path", ["..", "../a", "a/../../b", "a/./b", "a//b", "a\nb", "a\0b"])
def test_a_path_that_leads_elsewhere_is_refused_and_not_just_missing(objects, path):
    for operation in (objects.get, objects.delete, lambda path: objects.put(path, b"{}")):
        with pytest.raises(Unavailable):
            operation(path)


@pytest.mark.parametrize("storage_url", ["file", "s3", VERSITYGW], indirect=True)
def test_two_prefixes_do_not_see_each_other(storage_url):
    Objects(f"{storage_url}/one").put("a.json", b"1")
    two = Objects(f"{storage_url}/two")
    assert two.get("a.json") is None
    assert two.list("") == []
    assert body_of(Objects(storage_url).get("one/a.json")) == b"1"


@pytest.mark.parametrize("storage_url", ["s3"], indirect=True)
def test_s3_says_json_of_what_it_holds(storage_url, s3_server: S3Server):
    Objects(storage_url).put("a.json", b"{}")
    head = s3_server.client("s3").head_object(Bucket=storage_url.removeprefix("s3://"), Key="a.json")
    assert head["ContentType"] == "application/json"


# Not on moto: it throws away what it is still sending once the object is replaced, and answers with an empty one.
@pytest.mark.parametrize("storage_url", ["file", VERSITYGW], indirect=True)
def test_readers_never_see_a_torn_object(storage_url):
    writer, finished = Objects(storage_url), Event()
    writer.put("big.json", bytes(1_000_000))

    def read() -> int:
        reader, reads = Objects(storage_url), 0
        while not finished.is_set():
            body = body_of(reader.get("big.json"))
            assert len(body) == 1_000_000
            assert body.count(body[0]) == len(body)
            reads += 1
        return reads

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for number in range(200):
                writer.put("big.json", bytes([number]) * 1_000_000)
        finally:
            finished.set()
        assert min(reader.result() for reader in readers) > 0


@every_operation
@pytest.mark.parametrize("storage_url", ["s3", VERSITYGW], indirect=True)
def test_a_bucket_that_is_not_there_is_an_outage(storage_url, operation):
    with pytest.raises(Unavailable):
        operation(Objects(f"{storage_url}-not"))


@contextmanager
def answering(status: int, body: bytes = b"", silent_for_s: float = 0) -> Iterator[str]:
    """The address of a server that is not S3 and gives every request the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            time.sleep(silent_for_s)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # the client may have gone
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lead S3 clients to an endpoint."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return lambda endpoint: monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)


def seconds_until_refused(operation: Callable[[Objects], object]) -> float:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        operation(Objects("s3://bucket"))
    return time.monotonic() - started


@every_operation
def test_an_endpoint_where_nobody_listens_is_an_outage_within_seconds(aws, operation):
    aws("http://127.0.0.1:1")
    assert seconds_until_refused(operation) < 5


@every_operation
@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"<html>no such page</html>"), (404, b""), (403, b"<Error><Code>AccessDenied</Code></Error>"), (503, b"")],
)
def test_an_endpoint_that_refuses_or_is_not_s3_is_an_outage(aws, operation, status, body):
    with answering(status, body) as endpoint:
        aws(endpoint)
        assert seconds_until_refused(operation) < 5


def test_an_endpoint_that_never_answers_is_given_up_after_one_timeout(aws, monkeypatch):
    monkeypatch.setitem(objects_module._CLIENT, "timeout", timedelta(seconds=1))
    with answering(200, silent_for_s=4) as endpoint:
        aws(endpoint)
        assert seconds_until_refused(OPERATIONS["get"]) < 3.5


def test_a_folder_that_cannot_be_made_stops_start_up(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError):
        Objects(f"file://{tmp_path}/file/objects")


def test_a_file_where_the_folder_was_is_an_outage(tmp_path: Path):
    objects = Objects(f"file://{tmp_path}/objects")
    (tmp_path / "objects").rmdir()
    (tmp_path / "objects").write_text("in the way")
    for name in ("get", "conditional get", "put", "delete"):
        with pytest.raises(Unavailable):
            OPERATIONS[name](objects)


@pytest.mark.parametrize(
    "url", ["", "objects", "/objects", "ftp://host/objects", "file://objects", "s3://", "file:///a#b", "file:///a?b"]
)
def test_a_url_that_names_no_storage_stops_start_up(url):
    with pytest.raises(SettingsError):
        Objects(url)
