import json

import pytest

from infra.local.deployment import names_of
from infra.local.grants import KEY_ACTIONS, Access, Grants, grants, is_allowed
from infra.local.permissions import accesses

ACCOUNT = "eu-west-1:123456789012"
TABLE = f"arn:aws:dynamodb:{ACCOUNT}:table/t"
QUEUE = f"arn:aws:sqs:{ACCOUNT}:q.fifo"
KEY = f"arn:aws:kms:{ACCOUNT}:key/k"


def access(service, operation="", request=None, method="POST", path="/"):
    target = f"Some_20120810.{operation}" if operation else ""
    body = json.dumps(request).encode() if request else b""
    return [
        (each.action, each.resource)
        for each in accesses(service, method, path, target, body)
    ]


@pytest.mark.parametrize(
    ("service", "operation", "request_", "expected"),
    [
        ("dynamodb", "GetItem", {"TableName": "t"}, ("dynamodb:GetItem", TABLE)),
        (
            "dynamodb",
            "Query",
            {"TableName": "t", "IndexName": "due"},
            ("dynamodb:Query", f"{TABLE}/index/due"),
        ),
        (
            "sqs",
            "SendMessage",
            {"QueueUrl": "https://x/1/q.fifo"},
            ("sqs:SendMessage", QUEUE),
        ),
        ("kms", "Decrypt", {"KeyId": KEY}, ("kms:Decrypt", KEY)),
    ],
)
def test_a_call_is_an_action_on_a_resource(service, operation, request_, expected):
    assert access(service, operation, request_) == [expected]


def test_a_transaction_is_what_its_parts_are():
    parts = [
        {"Put": {"TableName": "t"}},
        {"Update": {"TableName": "t"}},
        {"Delete": {"TableName": "t"}},
        {"ConditionCheck": {"TableName": "t"}},
    ]
    found = access("dynamodb", "TransactWriteItems", {"TransactItems": parts})
    names = ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"]
    assert found == [(f"dynamodb:{name}", TABLE) for name in names]


@pytest.mark.parametrize(
    ("method", "path", "action", "resource"),
    [
        ("GET", "/b/a/k.gz", "s3:GetObject", "arn:aws:s3:::b/a/k.gz"),
        ("PUT", "/b/k", "s3:PutObject", "arn:aws:s3:::b/k"),
        ("DELETE", "/b/k", "s3:DeleteObject", "arn:aws:s3:::b/k"),
        ("GET", "/b", "s3:ListBucket", "arn:aws:s3:::b"),
    ],
)
def test_an_objects_action_follows_the_method(method, path, action, resource):
    assert access("s3", method=method, path=path) == [(action, resource)]


def test_only_what_is_listed_is_allowed():
    statements = [
        {"Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]},
        {"Action": ["dynamodb:Query"], "Resource": [TABLE]},
    ]
    assert is_allowed(statements, Access("s3:GetObject", "arn:aws:s3:::b/a/k"))
    assert not is_allowed(statements, Access("s3:GetObject", "arn:aws:s3:::c/k"))
    assert not is_allowed(statements, Access("s3:PutObject", "arn:aws:s3:::b/k"))
    assert not is_allowed(statements, Access("dynamodb:Query", f"{TABLE}/index/due"))
    assert not is_allowed([], Access("s3:GetObject", "arn:aws:s3:::b/k"))


def test_grants_come_from_the_functions_own_role():
    statement = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
    }
    deny = {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}
    role = {"Policies": [{"PolicyDocument": {"Statement": [statement, deny]}}]}
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Worker": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}},
        },
    }
    intrinsics = names_of(resources, {}, {"Queue": "https://x/q.fifo", "Role": "r"})
    expected = {"Action": ["sqs:SendMessage"], "Resource": [QUEUE], "Condition": {}}
    assert grants(resources, intrinsics) == Grants({"Worker": [expected]}, {})


def test_what_is_encrypted_needs_its_key_too():
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}},
        },
    }
    intrinsics = names_of(resources, {}, {"Queue": "https://x/q.fifo", "Key": "k"})
    assert grants(resources, intrinsics).keys == {QUEUE: KEY}


@pytest.mark.parametrize(
    ("action", "resource", "used"),
    [
        ("sqs:SendMessage", QUEUE, "kms:Decrypt"),
        ("sqs:SendMessage", QUEUE, "kms:GenerateDataKey"),
        ("s3:PutObject", "arn:aws:s3:::b/a/k", "kms:GenerateDataKey"),
        ("s3:GetObject", "arn:aws:s3:::b/a/k", "kms:Decrypt"),
        ("dynamodb:Query", f"{TABLE}/index/due", "kms:Decrypt"),
    ],
)
def test_a_call_is_refused_without_the_key_that_it_needs(action, resource, used):
    keys = dict.fromkeys((QUEUE, TABLE, "arn:aws:s3:::b"), KEY)
    may = {"Action": [action], "Resource": [resource]}
    others = [each for each in KEY_ACTIONS if each != used]
    uses = {"Action": [*others, used], "Resource": [KEY]}
    does_not = {"Action": others, "Resource": [KEY]}
    held = Grants({"Worker": [may, uses], "Janitor": [may, does_not]}, keys)
    done = [Access(action, resource)]
    assert held.refused("Worker", done) is None
    assert held.refused("Janitor", done) == Access(used, KEY)


def test_what_is_not_encrypted_needs_no_key():
    may = {"Action": ["sqs:SendMessage"], "Resource": [QUEUE]}
    done = [Access("sqs:SendMessage", QUEUE)]
    assert Grants({"Worker": [may]}, {}).refused("Worker", done) is None


def conditional(action, condition):
    return [{"Action": [action], "Resource": ["*"], "Condition": condition}]


@pytest.mark.parametrize(
    ("context", "allowed"),
    [({"purpose": "access"}, True), ({"purpose": "code"}, False), ({}, False)],
)
def test_a_secret_is_opened_for_the_purpose_that_a_condition_names(context, allowed):
    statements = conditional(
        "kms:Decrypt",
        {"StringEquals": {"kms:EncryptionContext:purpose": ["access", "refresh"]}},
    )
    request = json.dumps({"KeyId": KEY, "EncryptionContext": context}).encode()
    (done,) = accesses("kms", "POST", "/", "TrentService.Decrypt", request)
    assert is_allowed(statements, done) is allowed


@pytest.mark.parametrize(("row", "allowed"), [("HOOK#1", True), ("KEY#1", False)])
def test_rows_are_read_by_their_leading_key(row, allowed):
    leading = {"dynamodb:LeadingKeys": "HOOK#*"}
    statements = conditional("dynamodb:GetItem", {"ForAllValues:StringLike": leading})
    request = json.dumps({"TableName": "t", "Key": {"pk": {"S": row}}}).encode()
    (done,) = accesses("dynamodb", "POST", "/", "DynamoDB_20120810.GetItem", request)
    assert is_allowed(statements, done) is allowed


def test_a_key_is_used_through_the_service_that_a_condition_names():
    through = {"kms:ViaService": ["sqs.eu-west-1.amazonaws.com"]}
    statements = [
        {"Action": ["sqs:SendMessage", "s3:PutObject"], "Resource": ["*"]},
        {
            "Action": [*KEY_ACTIONS],
            "Resource": [KEY],
            "Condition": {"StringEquals": through},
        },
    ]
    held = Grants({"Worker": statements}, {QUEUE: KEY, "arn:aws:s3:::b": KEY})
    assert held.refused("Worker", [Access("sqs:SendMessage", QUEUE)]) is None
    assert held.refused("Worker", [Access("s3:PutObject", "arn:aws:s3:::b/k")])
    assert held.refused("Worker", [Access("kms:Decrypt", KEY)])


def test_a_condition_that_is_not_known_here_is_an_error():
    statements = conditional(
        "kms:Decrypt", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    )
    with pytest.raises(ValueError, match="IpAddress is not known here"):
        is_allowed(statements, Access("kms:Decrypt", KEY))
