"""CloudFormation templates as Python values, and what their policies allow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

DEPLOY = Path(__file__).parents[2] / "deploy"

# What the intrinsic functions of an installation named `shop` give.
GIVEN = {
    "AWS::StackName": "shop",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}


@dataclass(frozen=True)
class Permission:
    """One action that a statement allows or denies on one resource, as the template writes it."""

    effect: str
    action: str
    resource: str


def load(name: str) -> dict[str, Any]:
    """The template in `deploy/`."""
    return yaml_parse((DEPLOY / name).read_text())


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of one type, by their logical names."""
    found = {name: each for name, each in template["Resources"].items() if each["Type"] == kind}
    return {name: each.get("Properties", {}) for name, each in found.items()}


def permissions_of(template: Mapping[str, Any], policies: list[Any]) -> list[Permission]:
    """All that the policies of a function or role say, managed ones of the same template among them."""
    documents = []
    for policy in policies:
        if "Ref" in policy:
            documents.append(template["Resources"][policy["Ref"]]["Properties"]["PolicyDocument"])
        else:
            documents.append(policy.get("PolicyDocument", policy))
    return [permission for document in documents for permission in _permissions(document["Statement"])]


def _permissions(statements: list[Any]) -> Iterator[Permission]:
    for statement in statements:
        statement = statement["Fn::If"][1] if "Fn::If" in statement else statement
        for action in _list(statement["Action"]):
            for resource in _list(statement["Resource"]):
                yield Permission(statement["Effect"], action, text_of(resource))


def text_of(value: Any) -> str:
    """A resource as text: `!GetAtt Lake.Arn` and `!Sub ${Lake.Arn}/*` as `Lake.Arn` and `Lake.Arn/*`."""
    if isinstance(value, str):
        return value
    (function, argument), *_ = value.items()
    if function == "Fn::GetAtt":
        return argument if isinstance(argument, str) else ".".join(argument)
    if function == "Fn::If":
        return text_of(argument[1])
    return re.sub(r"\$\{([^}]+)\}", r"\1", argument)


def resolved(value: Any, parameters: Mapping[str, Any], conditions: Mapping[str, bool]) -> str:
    """What a value of a function's environment is: references to resources give their logical names."""
    names = {**GIVEN, **parameters}
    if not isinstance(value, dict):
        return str(value)
    (function, argument), *_ = value.items()
    if function == "Ref":
        return str(names.get(argument, argument))
    if function == "Fn::If":
        return resolved(argument[1 if conditions[argument[0]] else 2], parameters, conditions)
    assert function == "Fn::Sub"
    return re.sub(r"\$\{([^}]+)\}", lambda match: str(names.get(match[1], match[1])), argument)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
