import json

import pytest

from infra.local.deployment import names_of
from infra.local.permissions import Access, accesses, grants, is_allowed

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
    expected = {"Action": ["sqs:SendMessage"], "Resource": [QUEUE]}
    assert grants(resources, intrinsics) == {"Worker": [expected]}
