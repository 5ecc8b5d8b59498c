"""What must hold of the transformed template: each check lists what is wrong.

Asserted on the document, because moto drops or skips much of it (time to live,
lifecycle, encryption, bucket policies, alarms).
"""

from collections.abc import Callable, Iterator
from typing import Any

import boto3

from infra.local.aws import ACCOUNT, REGION
from infra.local.deployment import names_of
from infra.local.intrinsics import Intrinsics
from infra.local.reader import of_type
from infra.local.template import parameter_values
from lambda_connector.settings import Settings
from lambda_connector.storage.table import TTL_ATTRIBUTE

Document = dict[str, Any]
CHECKS: dict[str, Callable[[Document], Iterator[str]]] = {}

# Actions that are no operations of the service's API.
ACTIONS_WITHOUT_OPERATION = {"s3:ListBucket"}
# What belongs to Lambda, powertools or the local stack rather than to our settings.
NOT_OURS = ("AWS_", "POWERTOOLS_")


_OF_THE_WEBHOOK = {
    "logs:CreateLogStream": None,
    "logs:PutLogEvents": None,
    "dynamodb:GetItem": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "HOOK#*"}},
    "kms:Decrypt": {"StringEquals": {"kms:EncryptionContext:purpose": "webhook_key"}},
    "sqs:SendMessage": None,
}
"""What the public function may do, and under which condition."""
_OPEN_ROUTES = {"/oauth/callback": {"get"}, "/webhooks/{hook}": {"post"}}


def check(function: Callable[[Document], Iterator[str]]):
    CHECKS[function.__name__] = function
    return function


def intrinsics(document: Document) -> Intrinsics:
    """Names as at deployment, with the parameters' defaults."""
    logical = {name: name for name in document["Resources"]}
    return names_of(document["Resources"], parameter_values(document, {}), logical)


def properties_of(document: Document, kind: str) -> Iterator[tuple[str, dict]]:
    """Name and resolved properties of each resource of the type."""
    names = intrinsics(document)
    for name, properties in of_type(document["Resources"], kind):
        yield name, names.resolve(properties)


def arn(document: Document, name: str) -> str:
    return intrinsics(document).resolve({"Fn::GetAtt": [name, "Arn"]})


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def queue_mappings(document: Document) -> Iterator[tuple[dict, str, dict, dict]]:
    """Mapping, queue's name, queue, function of each event source mapping."""
    queues = {
        arn(document, name): (name, queue)
        for name, queue in properties_of(document, "AWS::SQS::Queue")
    }
    functions = dict(properties_of(document, "AWS::Lambda::Function"))
    for _, mapping in properties_of(document, "AWS::Lambda::EventSourceMapping"):
        name, queue = queues[mapping["EventSourceArn"]]
        yield mapping, name, queue, functions[mapping["FunctionName"]]


@check
def visibility_is_six_times_the_consumers_timeout(document):
    for mapping, name, queue, function in queue_mappings(document):
        window = int(mapping.get("MaximumBatchingWindowInSeconds", 0))
        needed = 6 * int(function["Timeout"]) + window
        if int(queue.get("VisibilityTimeout", 30)) < needed:
            yield f"{name}: a message may come back while it is still worked on"


@check
def large_batches_have_a_window(document):
    """As AWS asks: beyond ten messages. A FIFO queue takes neither."""
    for mapping, name, _, _ in queue_mappings(document):
        window = int(mapping.get("MaximumBatchingWindowInSeconds", 0))
        if int(mapping.get("BatchSize", 10)) > 10 and not window:
            yield f"{name}: AWS refuses this batch size without a window"


@check
def consumed_queues_have_a_dead_letter_queue_of_their_kind(document):
    queues = dict(properties_of(document, "AWS::SQS::Queue"))
    by_arn = {arn(document, name): queue for name, queue in queues.items()}
    for _, name, queue, _ in queue_mappings(document):
        target = queue.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if target not in by_arn:
            yield f"{name}: no dead-letter queue"
        elif by_arn[target].get("FifoQueue") != queue.get("FifoQueue"):
            yield f"{name}: its dead-letter queue is of the other kind"


@check
def consumers_report_item_failures(document):
    for mapping, name, _, _ in queue_mappings(document):
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            yield f"{name}: one failed message fails its batch"


@check
def concurrency_is_limited_at_the_mapping(document):
    for mapping, name, _, function in queue_mappings(document):
        limit = int(mapping.get("ScalingConfig", {}).get("MaximumConcurrency", 0))
        reserved = int(function.get("ReservedConcurrentExecutions", 1000))
        if not 2 <= limit <= reserved:
            yield f"{name}: MaximumConcurrency {limit} (reserved: {reserved})"


@check
def dead_letter_queues_have_an_alarm(document):
    queues = dict(properties_of(document, "AWS::SQS::Queue"))
    watched = {
        dimension["Value"]
        for _, alarm in properties_of(document, "AWS::CloudWatch::Alarm")
        for dimension in alarm.get("Dimensions", [])
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    dead = {
        q["RedrivePolicy"]["deadLetterTargetArn"]
        for q in queues.values()
        if "RedrivePolicy" in q
    }
    for name in queues:
        if arn(document, name) in dead and name not in watched:
            yield f"{name}: nobody hears of a message that failed for good"


def statements(document: Document) -> Iterator[tuple[str, dict]]:
    """Each Allow of each role, by the role's name."""
    for name, role in properties_of(document, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Allow":
                    yield name, statement


@check
def roles_name_exact_actions_and_resources(document):
    known = {
        intrinsics(document).attributes.get((name, "Arn"))
        for name in document["Resources"]
    }
    for name, statement in statements(document):
        for action in as_list(statement["Action"]):
            if "*" in action:
                yield f"{name}: the action {action}"
        for resource in as_list(statement["Resource"]):
            # Objects and indexes are named by their bucket or table.
            owner = resource.removesuffix("/*").partition("/index/")[0]
            if owner not in known:
                yield f"{name}: the resource {resource}"


@check
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


@check
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


@check
def who_is_asked_by_anybody_may_do_little(document):
    """Whoever knows an address may call the function that takes webhooks."""
    for name, statement in statements(document):
        if name != "WebhookRole":
            continue
        condition = statement.get("Condition")
        for action in as_list(statement["Action"]):
            if action not in _OF_THE_WEBHOOK:
                yield f"{name}: {action}"
            elif condition != _OF_THE_WEBHOOK[action]:
                yield f"{name}: {action} if {condition}"


@check
def no_function_but_xeros_is_asked_without_a_key(document):
    """Routes outside the contract are known one by one."""
    for name, api in properties_of(document, "AWS::ApiGatewayV2::Api"):
        for path, operations in api["Body"]["paths"].items():
            known = _OPEN_ROUTES.get(path)
            if path != "/v1/{proxy+}" and set(operations) != known:
                yield f"{name}: {', '.join(operations)} {path}"


@check
def who_is_asked_by_anybody_is_asked_so_often_only(document):
    for name, stage in properties_of(document, "AWS::ApiGatewayV2::Stage"):
        route = stage.get("RouteSettings", {}).get("POST /webhooks/{hook}", {})
        if not 0 < route.get("ThrottlingRateLimit", 0) <= 50:
            yield f"{name}: strangers may use up the account's concurrency"


@check
def data_is_encrypted(document):
    for name, queue in properties_of(document, "AWS::SQS::Queue"):
        if not (queue.get("SqsManagedSseEnabled") or queue.get("KmsMasterKeyId")):
            yield f"{name}: not encrypted"
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        if not table.get("SSESpecification", {}).get("SSEEnabled"):
            yield f"{name}: not encrypted"
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        if "BucketEncryption" not in bucket:
            yield f"{name}: not encrypted"
    for name, group in properties_of(document, "AWS::Logs::LogGroup"):
        if not group.get("KmsKeyId"):
            yield f"{name}: not encrypted"


@check
def key_policies_speak_to_our_account_and_logs_alone(document):
    """In a key's own policy "*" means that key; so the principal is what counts."""
    account = f"arn:aws:iam::{ACCOUNT}:root"
    logs = f"logs.{REGION}.amazonaws.com"
    for name, key in properties_of(document, "AWS::KMS::Key"):
        for statement in key["KeyPolicy"]["Statement"]:
            principal = statement["Principal"]
            bound = principal == {"Service": logs} and "Condition" in statement
            if principal != {"AWS": account} and not bound:
                yield f"{name}: {principal} may use it"


@check
def keys_rotate(document):
    for name, key in properties_of(document, "AWS::KMS::Key"):
        if not key.get("EnableKeyRotation"):
            yield f"{name}: never rotated"


@check
def buckets_block_public_access(document):
    names = (
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    )
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if missing := [each for each in names if not block.get(each)]:
            yield f"{name}: {', '.join(missing)} missing"


@check
def buckets_refuse_plain_http(document):
    refused = {
        policy["Bucket"]
        for _, policy in properties_of(document, "AWS::S3::BucketPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] == "s3:*"
        and len(as_list(statement["Resource"])) == 2
        and not statement["Condition"]["Bool"]["aws:SecureTransport"]
    }
    for name, _ in properties_of(document, "AWS::S3::Bucket"):
        if name not in refused:
            yield f"{name}: may be read without TLS"


@check
def buckets_forget(document):
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any(
            rule["Status"] == "Enabled" and rule.get("ExpirationInDays")
            for rule in rules
        ):
            yield f"{name}: keeps everything for ever"


@check
def objects_outlive_the_feed(document):
    retention = int(parameter_values(document, {})["FeedRetentionDays"])
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        for rule in bucket.get("LifecycleConfiguration", {}).get("Rules", []):
            if int(rule.get("ExpirationInDays", retention)) < retention:
                yield f"{name}: {rule['Id']} deletes what the feed still announces"


@check
def tables_expire_by_the_codes_attribute(document):
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        ttl = table.get("TimeToLiveSpecification", {})
        if not ttl.get("Enabled") or ttl["AttributeName"] != TTL_ATTRIBUTE:
            yield f"{name}: its items expire by {ttl}"


@check
def tables_can_be_restored(document):
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        recovery = table.get("PointInTimeRecoverySpecification", {})
        if not recovery.get("PointInTimeRecoveryEnabled"):
            yield f"{name}: no point-in-time recovery"


@check
def data_survives_a_replacement(document):
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")
    for name, resource in document["Resources"].items():
        policies = resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")
        if resource["Type"] in kinds and policies != ("Retain", "Retain"):
            yield f"{name}: an update or a removal may take its data along"


@check
def logs_are_kept_for_a_while_only(document):
    groups = {}
    for name, group in properties_of(document, "AWS::Logs::LogGroup"):
        groups[name] = group
        if not group.get("RetentionInDays"):
            yield f"{name}: kept for ever"
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        if function.get("LoggingConfig", {}).get("LogGroup") not in groups:
            yield f"{name}: logs to a group that nobody limits"


@check
def api_functions_end_before_the_gateway_gives_up(document):
    functions = dict(properties_of(document, "AWS::Lambda::Function"))
    for name, api in of_type(document["Resources"], "AWS::ApiGatewayV2::Api"):
        text = str(api["Body"]["paths"])
        for function, properties in functions.items():
            if f"${{{function}.Arn}}" in text and int(properties["Timeout"]) >= 29:
                yield f"{name}: {function} may answer after the gateway did"


@check
def functions_get_the_settings_and_nothing_else(document):
    expected = {name.upper() for name in Settings.__annotations__}
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        variables = function.get("Environment", {}).get("Variables", {})
        given = {each for each in variables if not each.startswith(NOT_OURS)}
        if given != expected:
            yield f"{name}: {sorted(given ^ expected)}"


@check
def no_parameter_carries_a_secret(document):
    for name, parameter in document["Parameters"].items():
        words = ("secret", "password", "token", "credential", "apikey")
        if any(word in name.lower() for word in words) and parameter.get("Default"):
            yield f"{name}: a secret in the template"
