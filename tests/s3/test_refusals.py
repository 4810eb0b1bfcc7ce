"""What S3 refuses is told with what to check, and without what nobody else may read."""

import pytest

from parcook.errors import Unavailable
from parcook.objects import Objects
from tests.s3.operations import every_operation
from tests.servers.fault_proxy import Fault, start_fault_proxy
from tests.servers.s3 import S3Server
from tests.servers.versitygw import VERSITYGW

CHECK = {
    "NoSuchBucket": (404, "AWS_ENDPOINT_URL"),
    "InvalidAccessKeyId": (403, "AWS_ACCESS_KEY_ID"),
    "SignatureDoesNotMatch": (403, "AWS_SECRET_ACCESS_KEY"),
    "ExpiredToken": (400, "AWS_SESSION_TOKEN"),
    "AccessDenied": (403, "policy"),
    "AuthorizationHeaderMalformed": (400, "AWS_REGION"),
    "RequestTimeTooSkewed": (403, "clock"),
    "OneOfTomorrow": (409, "S3 refuses"),
}
on_versitygw = pytest.mark.parametrize("server", [VERSITYGW], indirect=True)
on_moto = pytest.mark.parametrize("server", ["moto"], indirect=True)  # which is never reached


def refusal_of(operation, url: str) -> str:
    with pytest.raises(Unavailable) as refused:
        operation(Objects(url))
    return str(refused.value)


def answer(status: int, body: bytes) -> Fault:
    head = f"HTTP/1.1 {status} Refused\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    return Fault(instead=head.encode() + body)


@every_operation
@pytest.mark.parametrize("code", CHECK)
@on_moto
def test_each_refusal_says_what_to_check_and_repeats_no_more_of_the_answer(network, bucket, operation, code):
    status, check = CHECK[code]
    told = f"<Error><Code>{code}</Code><Message>m</Message><StringToSign>private</StringToSign></Error>"
    network.expect([], then=answer(status, told.encode()))
    refusal = refusal_of(operation, bucket)
    assert bucket in refusal
    assert check in refusal
    assert refusal.endswith(f"({code})")
    assert "private" not in refusal


@every_operation
@on_moto
def test_a_server_that_is_not_s3_is_told_from_a_bucket_that_is_not_there(network, bucket, operation):
    network.expect([], then=answer(404, b"<html>no such page</html>"))
    assert "not S3" in refusal_of(operation, bucket)


@every_operation
def test_a_bucket_that_is_not_there_is_named(bucket, operation):
    refusal = refusal_of(operation, f"{bucket}-not")
    assert f"{bucket}-not" in refusal
    assert "the bucket does not exist" in refusal


@every_operation
@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"])
@on_versitygw
def test_the_variable_that_is_wrong_is_named_and_neither_key_is_told(
    server: S3Server, bucket, operation, variable, monkeypatch
):
    monkeypatch.setenv(variable, "eu-west-9")
    refusal = refusal_of(operation, bucket)
    assert variable in refusal
    assert server.secret_key not in refusal
    assert server.access_key not in refusal
    assert "eu-west-9" not in refusal


@every_operation
@on_moto
def test_without_credentials_the_machines_role_is_asked_and_then_both_are_named(
    server: S3Server, bucket, operation, monkeypatch
):
    with start_fault_proxy(server.endpoint) as nobody:
        nobody.expect([], then=answer(403, b""))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", nobody.endpoint)
        refusal = refusal_of(operation, bucket)
    assert "AWS_ACCESS_KEY_ID" in refusal
    assert "role" in refusal
