"""Stands for the AWS command line on the path: notes what it is asked, and invokes functions where a server is named.

STUB_CALLS is the file for the notes, STUB_REFUSES the first words of what is refused, STUB_FUNCTION_ERROR how an
invocation ends; AWS_ENDPOINT_URL is the server.
"""

import json
import os
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

asked = sys.argv[1:]
with Path(os.environ["STUB_CALLS"]).open("a") as calls:
    calls.write(json.dumps(asked) + "\n")
if os.environ.get("STUB_REFUSES") and " ".join(asked).startswith(os.environ["STUB_REFUSES"]):
    sys.exit("refused")
if asked[:2] == ["lambda", "invoke"]:
    options = dict(zip(asked[2:-1:2], asked[3:-1:2], strict=True))
    client = boto3.client("lambda", region_name=options["--region"])
    try:
        client.get_function(FunctionName=options["--function-name"])  # moto invokes also what is not there
        answer = client.invoke(
            FunctionName=options["--function-name"],
            InvocationType=options["--invocation-type"],
            Payload=Path(options["--payload"].removeprefix("fileb://")).read_bytes(),
        )
    except ClientError as error:
        sys.exit(str(error))
    Path(asked[-1]).write_bytes(answer["Payload"].read())
    sys.stdout.write(os.environ.get("STUB_FUNCTION_ERROR", "None") + "\n")
