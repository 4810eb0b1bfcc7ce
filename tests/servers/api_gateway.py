"""API Gateway's side of an HTTP API: a request as Lambda is handed it (payload version 2.0), and the answer read."""

import json
from typing import Any

from parcook.aws.handlers import api_handler


def ask_lambda(method: str, path: str, body: Any = None, bearer: str = "") -> tuple[int, Any]:
    """Ask the API's function as API Gateway does, with `bearer` as token if there is one; status and decoded body."""
    path, _, query = path.partition("?")
    answer = api_handler(
        {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {
                **({"content-type": "application/json"} if body is not None else {}),
                **({"authorization": f"Bearer {bearer}"} if bearer else {}),
            },
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "203.0.113.7", "protocol": "HTTP/1.1"},
                "domainName": "api.example.com",
                "stage": "$default",
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        },
        None,
    )
    return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None
