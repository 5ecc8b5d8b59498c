"""Who may do what."""

import boto3

from infra.local.aws import REGION
from infra.local.grants import KEY_ACTIONS, key_actions

from .reading import (
    arn,
    as_list,
    intrinsics,
    properties_of,
    statement_about,
    statements,
)
from .registry import check, of, put

# Actions that are no operations of the service's API.
ACTIONS_WITHOUT_OPERATION = {"s3:ListBucket"}
ON_EVERYTHING = {
    "xray:PutTelemetryRecords": "X-Ray knows no resource for it",
    "xray:PutTraceSegments": "X-Ray knows no resource for it",
}
"""Actions that AWS lets be allowed on "*" only, and why."""

_THROUGH = {
    "StringEquals": {
        "kms:ViaService": [
            f"{each}.{REGION}.amazonaws.com" for each in ("dynamodb", "sqs")
        ]
    }
}
_OF_THE_WEBHOOK = {
    "logs:CreateLogStream": [None],
    "logs:PutLogEvents": [None],
    "xray:PutTelemetryRecords": [None],
    "xray:PutTraceSegments": [None],
    "dynamodb:GetItem": [
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "HOOK#*"}}
    ],
    "kms:GenerateDataKey": [_THROUGH],
    "kms:Decrypt": [
        _THROUGH,
        {"StringEquals": {"kms:EncryptionContext:purpose": "webhook_key"}},
    ],
    "sqs:SendMessage": [None],
}
"""What the public function may do, and under which condition."""
_OF_CONNECTING = {
    "access",
    "client_secret",
    "code",
    "refresh",
    "verifier",
    "webhook_key",
}
TOKEN_KEY = {"Fn::GetAtt": ["TokenKey", "Arn"]}


@check(
    put(statement_about("ApiRole", 0, "Resource"), "*"),
    put(statement_about("WorkerRole", 0, "Action"), "*"),
    put(statement_about("JanitorRole", 0, "Action"), ["sqs:*"]),
    put(statement_about("ApiRole", 0, "Resource"), ["arn:aws:s3:::*/*"]),
    put(statement_about("ApiRole", 1, "Action"), ["xray:GetTraceSummaries"]),
)
def roles_name_exact_actions_and_resources(document):
    known = {
        intrinsics(document).attributes.get((name, "Arn"))
        for name in document["Resources"]
    }
    for name, statement in statements(document):
        actions = as_list(statement["Action"])
        for action in actions:
            if "*" in action:
                yield f"{name}: the action {action}"
        for resource in as_list(statement["Resource"]):
            # Objects and indexes are named by their bucket or table.
            owner = resource.removesuffix("/*").partition("/index/")[0]
            if owner not in known and not (
                resource == "*" and set(actions) <= set(ON_EVERYTHING)
            ):
                yield f"{name}: the resource {resource}"


@check(put(statement_about("ApiRole", 0, "Action"), "dynamodb:PutItems"))
def actions_exist(document):
    operations: dict[str, set[str]] = {}
    for name, statement in statements(document):
        for action in set(as_list(statement["Action"])) - ACTIONS_WITHOUT_OPERATION:
            service, _, operation = action.partition(":")
            if service not in operations:
                client = boto3.client(service, region_name=REGION)
                operations[service] = set(client.meta.service_model.operation_names)
            if operation not in operations[service]:
                yield f"{name}: there is no action {action}"


@check(
    put(of("JanitorFunction", "Role"), {"Fn::GetAtt": ["ApiRole", "Arn"]}),
    put(
        of("ApiRole", "ManagedPolicyArns"),
        ["arn:aws:iam::aws:policy/AdministratorAccess"],
    ),
)
def each_function_has_a_role_of_its_own(document):
    roles = {
        arn(document, name): role
        for name, role in properties_of(document, "AWS::IAM::Role")
    }
    seen: set[str] = set()
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        role = function["Role"]
        if role in seen:
            yield f"{name}: shares its role"
        if role not in roles or roles[role].get("ManagedPolicyArns"):
            yield f"{name}: its role allows more than the template says"
        seen.add(role)


@check(
    put(statement_about("WebhookRole", 2, "Condition"), None),
    put(statement_about("WebhookRole", 3, "Condition"), None),
    put(statement_about("WebhookRole", 4, "Condition"), None),
    put(statement_about("WebhookRole", 3, "Action"), "dynamodb:Query"),
)
def who_is_asked_by_anybody_may_do_little(document):
    """Whoever knows an address may call the function that takes webhooks."""
    for name, statement in statements(document):
        if name != "WebhookRole":
            continue
        condition = statement.get("Condition")
        for action in as_list(statement["Action"]):
            if action not in _OF_THE_WEBHOOK:
                yield f"{name}: {action}"
            elif condition not in _OF_THE_WEBHOOK[action]:
                yield f"{name}: {action} if {condition}"


@check(
    put(statement_about("JanitorRole", 2, "Action"), ["kms:Decrypt"]),
    put(statement_about("JanitorRole", 2, "Action"), [*KEY_ACTIONS, "kms:Encrypt"]),
    put(statement_about("WorkerRole", 2, "Condition"), None),
    put(
        statement_about("WebhookRole", 2, "Condition"),
        {"StringEquals": {"kms:ViaService": [f"dynamodb.{REGION}.amazonaws.com"]}},
    ),
)
def the_data_key_is_used_as_the_other_actions_need_it_and_not_otherwise(document):
    """Of a role's actions follows which key actions their services do on its behalf."""
    key = arn(document, "DataKey")
    for name in dict(properties_of(document, "AWS::IAM::Role")):
        own = [statement for role, statement in statements(document) if role == name]
        actions = [each for one in own for each in as_list(one["Action"])]
        needed = {(each, k) for each in actions for k in key_actions(each)}
        services = {each.partition(":")[0] for each, _ in needed}
        given = [one for one in own if one["Resource"] == key]
        if {k for _, k in needed} != {
            k for one in given for k in as_list(one["Action"])
        }:
            yield f"{name}: may do {given} with the key of the data, not {needed}"
        through = [f"{each}.{REGION}.amazonaws.com" for each in sorted(services)]
        for one in given:
            if one.get("Condition") != {"StringEquals": {"kms:ViaService": through}}:
                yield f"{name}: may use the key of the data without its service"


_RENEWED = {"access", "probe", "refresh"}
_PURPOSES = {
    ("ApiRole", "kms:Encrypt"): _OF_CONNECTING,
    ("ApiRole", "kms:Decrypt"): _OF_CONNECTING,
    ("JanitorRole", "kms:Encrypt"): _RENEWED,
    ("JanitorRole", "kms:Decrypt"): _RENEWED | {"client_secret"},
    ("WebhookRole", "kms:Decrypt"): {"webhook_key"},
    ("WorkerRole", "kms:Encrypt"): _RENEWED,
    ("WorkerRole", "kms:Decrypt"): _RENEWED | {"client_secret"},
}
"""What a function seals and opens: the worker no code of an authorization, and who is
asked by anybody no token."""


@check(
    put(statement_about("JanitorRole", 6, "Condition"), None),
    put(statement_about("JanitorRole", 6, "Action"), ["kms:Encrypt", "kms:Decrypt"]),
    put(statement_about("WebhookBatchRole", 1, "Resource"), TOKEN_KEY),
)
def secrets_are_opened_by_who_needs_them_for_that(document):
    """By the encryption context, which KMS binds to what was sealed."""
    key = arn(document, "TokenKey")
    for name, statement in statements(document):
        if statement["Resource"] != key:
            continue
        condition = statement.get("Condition", {}).get("StringEquals", {})
        purposes = set(as_list(condition.get("kms:EncryptionContext:purpose", [])))
        for action in as_list(statement["Action"]):
            if purposes != _PURPOSES.get((name, action)):
                yield f"{name}: {action} of {purposes or 'everything'}"
