"""What each function's role allows, as the template says, and what a call needs of it.

Of the conditions those are looked at that the template's roles write: the service
through which a key is used, the purpose of what is encrypted, the leading keys of rows.
"""

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.aws import REGION
from infra.local.intrinsics import Intrinsics
from infra.local.reader import Resources, of_type

Statement = dict[str, Any]
KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
# What a service does with its resource's key on behalf of who asks it, by action.
# Sources: "SSE-KMS" of the S3, "Key management" of the SQS, "Encryption at rest" of the
# DynamoDB developer guides.
KEY_USES = {
    "dynamodb:*": ("kms:Decrypt",),
    "s3:GetObject": ("kms:Decrypt",),
    "s3:PutObject": ("kms:GenerateDataKey",),
    "sqs:ReceiveMessage": ("kms:Decrypt",),
    "sqs:SendMessage": KEY_ACTIONS,
}


def key_actions(action: str) -> tuple[str, ...]:
    """What who does the action on something encrypted must be allowed with its key."""
    return KEY_USES.get(action) or KEY_USES.get(f"{_service(action)}:*", ())


def _service(action: str) -> str:
    return action.partition(":")[0]


@dataclass(frozen=True)
class Access:
    """One thing that a call does: an IAM action on a resource's ARN.

    ``known`` is what conditions may ask of it: the values by condition key.
    """

    action: str
    resource: str
    known: Mapping[str, list[str]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Grants:
    """What the template allows.

    Attributes:
        functions: the statements of each function's role.
        keys: the ARN of the key by which each resource is encrypted, by its ARN.
    """

    functions: dict[str, list[Statement]]
    keys: dict[str, str]

    def refused(self, function: str, done: Iterable[Access]) -> Access | None:
        """The first of what is done, keys used for it included, that it may not."""
        statements = self.functions.get(function, [])
        for each in done:
            for access in (each, *self._with_key(each)):
                if not is_allowed(statements, access):
                    return access
        return None

    def _with_key(self, access: Access) -> Iterator[Access]:
        service = f"{_service(access.action)}.{REGION}.amazonaws.com"
        for resource, key in self.keys.items():
            # Objects and indexes are named by their bucket or table.
            if f"{access.resource}/".startswith(f"{resource}/"):
                for action in key_actions(access.action):
                    yield Access(action, key, {"kms:ViaService": [service]})


def is_allowed(statements: Iterable[Statement], access: Access) -> bool:
    """Whether a statement allows the access."""
    return any(
        access.action in statement["Action"]
        and any(
            fnmatch.fnmatchcase(access.resource, pattern)
            for pattern in statement["Resource"]
        )
        and _is_met(statement.get("Condition", {}), access.known)
        for statement in statements
    )


def _is_met(condition: dict[str, Any], known: Mapping[str, list[str]]) -> bool:
    """Raises ValueError for an operator that is not known here."""
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            patterns = _as_list(wanted)
            match operator:
                case "StringEquals":
                    met = any(each in patterns for each in known.get(key, []))
                case "ForAllValues:StringLike":
                    met = all(
                        any(fnmatch.fnmatchcase(each, one) for one in patterns)
                        for each in known.get(key, [])
                    )
                case _:
                    raise ValueError(f"The condition {operator} is not known here.")
            if not met:
                return False
    return True


def grants(resources: Resources, intrinsics: Intrinsics) -> Grants:
    """Read from the roles' own policies, and from what is encrypted."""
    return Grants(_functions(resources, intrinsics), dict(_keys(resources, intrinsics)))


def _functions(
    resources: Resources, intrinsics: Intrinsics
) -> dict[str, list[Statement]]:
    roles = {
        intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]}): intrinsics.resolve(role)
        for name, role in of_type(resources, "AWS::IAM::Role")
    }
    return {
        name: list(_allowed(roles.get(intrinsics.resolve(function["Role"]), {})))
        for name, function in of_type(resources, "AWS::Lambda::Function")
    }


def _allowed(role: dict[str, Any]) -> Iterator[Statement]:
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                yield {
                    "Action": _as_list(statement["Action"]),
                    "Resource": _as_list(statement["Resource"]),
                    "Condition": statement.get("Condition", {}),
                }


def _as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _keys(resources: Resources, intrinsics: Intrinsics) -> Iterator[tuple[str, str]]:
    for kind, key_of in _KEYS.items():
        for name, properties in of_type(resources, kind):
            if key := key_of(properties):
                arn = intrinsics.resolve({"Fn::GetAtt": [name, "Arn"]})
                yield arn, intrinsics.resolve(key)


def _key_of_bucket(properties: dict[str, Any]) -> Any:
    encryption = properties.get("BucketEncryption", {})
    (rule,) = encryption.get("ServerSideEncryptionConfiguration", [{}])
    return rule.get("ServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")


_KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "AWS::DynamoDB::Table": lambda table: table.get("SSESpecification", {}).get(
        "KMSMasterKeyId"
    ),
    "AWS::S3::Bucket": _key_of_bucket,
    "AWS::SQS::Queue": lambda queue: queue.get("KmsMasterKeyId"),
}
"""Where a resource of each kind names its key."""
