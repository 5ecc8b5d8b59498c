"""What is encrypted by which key, at rest and on the way."""

import fnmatch

from infra.local.aws import ACCOUNT, REGION

from .reading import arn, as_list, properties_of
from .registry import check, of, put

_ACCOUNT_ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
_LOGS = f"logs.{REGION}.amazonaws.com"
_ALARMS = "cloudwatch.amazonaws.com"
_LOG_GROUP = "kms:EncryptionContext:aws:logs:arn"
_OURS_ALONE = {_LOGS: {_LOG_GROUP}, _ALARMS: {"aws:SourceAccount", "aws:SourceArn"}}
"""The services that a key speaks to, and what their conditions have to look at."""

SPOOL_ENCRYPTION = of(
    "SpoolBucket", "BucketEncryption", "ServerSideEncryptionConfiguration", 0
)


def of_key(key: str, number: int, part: str) -> tuple:
    return of(key, "KeyPolicy", "Statement", number, part)


def _keys_of_data(document):
    """Each resource that holds data, with the key that it is encrypted by."""
    for name, queue in properties_of(document, "AWS::SQS::Queue"):
        yield name, queue.get("KmsMasterKeyId")
    for name, topic in properties_of(document, "AWS::SNS::Topic"):
        yield name, topic.get("KmsMasterKeyId")
    for name, group in properties_of(document, "AWS::Logs::LogGroup"):
        yield name, group.get("KmsKeyId")
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        by = table.get("SSESpecification", {})
        yield name, by.get("SSEEnabled") and by.get("KMSMasterKeyId")
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        rules = bucket.get("BucketEncryption", {})
        for rule in rules.get("ServerSideEncryptionConfiguration", [{}]):
            by = rule.get("ServerSideEncryptionByDefault", {})
            yield name, by.get("SSEAlgorithm") == "aws:kms" and by["KMSMasterKeyID"]


@check(
    put(of("SyncQueue", "KmsMasterKeyId"), None),
    put(of("WebhookDeadLetterQueue", "KmsMasterKeyId"), "alias/aws/sqs"),
    put(of("Table", "SSESpecification"), None),
    put(of("Table", "SSESpecification", "KMSMasterKeyId"), None),
    put(of("SpoolBucket", "BucketEncryption"), None),
    put((*SPOOL_ENCRYPTION, "ServerSideEncryptionByDefault", "SSEAlgorithm"), "AES256"),
    put(of("ApiLogGroup", "KmsKeyId"), None),
    put(of("AlarmTopic", "KmsMasterKeyId"), None),
    put(of("JanitorLogGroup", "KmsKeyId"), {"Fn::GetAtt": ["TokenKey", "Arn"]}),
)
def data_is_encrypted_by_its_own_key(document):
    """And by that of the tokens never: who may read a log may not open a token."""
    key = arn(document, "DataKey")
    for name, by in _keys_of_data(document):
        if by != key:
            yield f"{name}: encrypted by {by or 'nothing'}"


@check(put((*SPOOL_ENCRYPTION, "BucketKeyEnabled"), None))
def buckets_ask_kms_once_for_many_objects(document):
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        for rule in bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]:
            if not rule.get("BucketKeyEnabled"):
                yield f"{name}: one call of KMS for each object"


@check(
    put(of_key("TokenKey", 0, "Principal"), "*"),
    put(of_key("TokenKey", 0, "Principal"), {"AWS": "*"}),
    put(of_key("DataKey", 1, "Condition"), None),
    put(of_key("DataKey", 2, "Condition"), None),
    put(of_key("DataKey", 2, "Principal"), {"Service": "sns.amazonaws.com"}),
)
def key_policies_speak_to_our_account_our_logs_and_our_alarms_alone(document):
    """In a key's own policy "*" means that key; so the principal is what counts."""
    for name, key in properties_of(document, "AWS::KMS::Key"):
        for statement in key["KeyPolicy"]["Statement"]:
            principal = statement["Principal"]
            looked_at = {
                each for by in statement.get("Condition", {}).values() for each in by
            }
            service = principal.get("Service") if isinstance(principal, dict) else None
            bound = service in _OURS_ALONE and looked_at == _OURS_ALONE[service]
            if principal != _ACCOUNT_ROOT and not bound:
                yield f"{name}: {principal} may use it"


@check(
    put(of("TokenKey", "KeyPolicy", "Statement"), [{"Principal": {"Service": _LOGS}}])
)
def no_service_may_use_the_key_of_the_tokens(document):
    for name, key in properties_of(document, "AWS::KMS::Key"):
        for statement in key["KeyPolicy"]["Statement"]:
            if name == "TokenKey" and "Service" in statement["Principal"]:
                yield f"{name}: {statement['Principal']} may use it"


def _patterns(document, service: str, condition: str) -> list[str]:
    key = dict(properties_of(document, "AWS::KMS::Key"))["DataKey"]
    return [
        pattern
        for statement in key["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": service}
        for pattern in as_list(
            statement.get("Condition", {}).get("ArnLike", {})[condition]
        )
    ]


@check(
    put(of("AccessLogGroup", "LogGroupName"), "/aws/apigateway/local"),
    put(of("ApiErrorsAlarm", "AlarmName"), "api-errors"),
)
def the_key_of_the_data_knows_every_log_and_alarm(document):
    """One that its conditions leave out could not be written, or would tell nobody."""
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
    alarms = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
    wanted = [
        (_LOGS, _LOG_GROUP, logs + group["LogGroupName"])
        for _, group in properties_of(document, "AWS::Logs::LogGroup")
    ] + [
        (_ALARMS, "aws:SourceArn", alarms + alarm["AlarmName"])
        for _, alarm in properties_of(document, "AWS::CloudWatch::Alarm")
    ]
    for service, condition, each in wanted:
        patterns = _patterns(document, service, condition)
        if not any(fnmatch.fnmatchcase(each, pattern) for pattern in patterns):
            yield f"{each}: not by a key that {service} may use"


@check(put(of("TokenKey", "EnableKeyRotation"), False))
def keys_rotate(document):
    for name, key in properties_of(document, "AWS::KMS::Key"):
        if not key.get("EnableKeyRotation"):
            yield f"{name}: never rotated"


_POLICIES = {
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket", "s3:*"),
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues", "sqs:*"),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics", "sns:Publish"),
}
"""The policy of each kind, where it names what it is of, and every action on it."""


def _refused_without_tls(document, kind: str):
    policy, names, every_action = _POLICIES[kind]
    for _, properties in properties_of(document, policy):
        for statement in properties["PolicyDocument"]["Statement"]:
            if (
                statement["Effect"] == "Deny"
                and statement["Principal"] == "*"
                and statement["Action"] == every_action
                and statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
            ):
                for each in as_list(properties[names]):
                    yield each, as_list(statement["Resource"])


def of_statement(policy: str, number: int, *path: str) -> tuple:
    return of(policy, "PolicyDocument", "Statement", number, *path)


@check(
    put(("SpoolBucketPolicy",), None),
    put(of_statement("SpoolBucketPolicy", 0, "Effect"), "Allow"),
    put(of_statement("SpoolBucketPolicy", 0, "Condition", "Bool"), {}),
    put(of_statement("SpoolBucketPolicy", 0, "Resource"), ["arn:aws:s3:::SpoolBucket"]),
    put(("SyncQueuePolicy",), None),
    put(of_statement("WebhookQueuePolicy", 0, "Resource"), "arn:aws:sqs:::another"),
    put(of_statement("AlarmTopicPolicy", 1, "Effect"), "Allow"),
)
def nothing_is_spoken_to_without_tls(document):
    for kind in _POLICIES:
        refused = dict(_refused_without_tls(document, kind))
        for name, _ in properties_of(document, kind):
            own = name if kind == "AWS::SNS::Topic" else arn(document, name)
            whole = {own, f"{own}/*"} if kind == "AWS::S3::Bucket" else {own}
            if set(refused.get(name, ())) != whole:
                yield f"{name}: may be asked without TLS"
