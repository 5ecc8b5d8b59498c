"""The template's promises, and that a broken one is noticed."""

import copy
from pathlib import Path

import pytest

from infra.local.template import transform
from tests.infra.checks import CHECKS

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture(scope="module")
def transformed():
    return transform(TEMPLATE, {})


@pytest.fixture
def document(transformed):
    return copy.deepcopy(transformed)


def put(path, value):
    """A fault that sets the value at the path below Resources; None removes it."""

    def seed(document):
        *parents, last = path
        place = document["Resources"]
        for each in parents:
            place = place[each]
        if value is None:
            del place[last]
        else:
            place[last] = value

    seed.__name__ = f"{path[0]}_{path[-1]}"
    return seed


def secret_parameter(document):
    document["Parameters"]["XeroClientSecret"] = {"Type": "String", "Default": "s3cr3t"}


def unread_variable(document):
    function = document["Resources"]["ApiFunction"]["Properties"]
    function["Environment"]["Variables"]["UNREAD"] = "1"


def another_open_route(document):
    paths = document["Resources"]["HttpApi"]["Properties"]["Body"]["paths"]
    paths["/open"] = paths["/oauth/callback"]


def property_of(name, *path):
    return (name, "Properties", *path)


def key_statement(name, number, part):
    return property_of(name, "KeyPolicy", "Statement", number, part)


STAGE = "HttpApiApiGatewayDefaultStage"
WINDOW = "MaximumBatchingWindowInSeconds"
WEBHOOK_STATEMENTS = ("Policies", 0, "PolicyDocument", "Statement")
FIRST_STATEMENT = ("Policies", 0, "PolicyDocument", "Statement", 0)
BUCKET_BLOCK = property_of("SpoolBucket", "PublicAccessBlockConfiguration")
LIFECYCLE = property_of("SpoolBucket", "LifecycleConfiguration", "Rules", 0)
REDRIVE = property_of("SyncQueue", "RedrivePolicy")
TLS = property_of("SpoolBucketPolicy", "PolicyDocument", "Statement", 0)

FAULTS = {
    "visibility_is_six_times_the_consumers_timeout": [
        put(property_of("SyncQueue", "VisibilityTimeout"), 719),
        put(property_of("SyncQueue", "VisibilityTimeout"), None),
        put(property_of("WorkerFunction", "Timeout"), 121),
        put(property_of("WebhookBatchFunction", "Timeout"), 31),
        put(property_of("WebhookBatchFunctionPosts", WINDOW), 11),
    ],
    "large_batches_have_a_window": [
        put(property_of("WebhookBatchFunctionPosts", WINDOW), None)
    ],
    "consumed_queues_have_a_dead_letter_queue_of_their_kind": [
        put(REDRIVE, None),
        put(property_of("SyncDeadLetterQueue", "FifoQueue"), None),
        put(property_of("WebhookQueue", "RedrivePolicy"), None),
    ],
    "consumers_report_item_failures": [
        put(property_of("WorkerFunctionSync", "FunctionResponseTypes"), None),
        put(property_of("WebhookBatchFunctionPosts", "FunctionResponseTypes"), None),
    ],
    "concurrency_is_limited_at_the_mapping": [
        put(property_of("WorkerFunctionSync", "ScalingConfig"), None),
        put(property_of("WorkerFunction", "ReservedConcurrentExecutions"), 1),
    ],
    "dead_letter_queues_have_an_alarm": [
        put(property_of("SyncDeadLetterAlarm", "MetricName"), "NumberOfMessagesSent"),
        put(property_of("SyncDeadLetterAlarm", "Dimensions"), None),
        put(("WebhookDeadLetterAlarm",), None),
    ],
    "roles_name_exact_actions_and_resources": [
        put(property_of("ApiRole", *FIRST_STATEMENT, "Resource"), "*"),
        put(property_of("WorkerRole", *FIRST_STATEMENT, "Action"), "*"),
        put(property_of("JanitorRole", *FIRST_STATEMENT, "Action"), ["sqs:*"]),
        put(
            property_of("ApiRole", *FIRST_STATEMENT, "Resource"),
            ["arn:aws:s3:::*/*"],
        ),
    ],
    "actions_exist": [
        put(property_of("ApiRole", *FIRST_STATEMENT, "Action"), "dynamodb:PutItems")
    ],
    "each_function_has_a_role_of_its_own": [
        put(property_of("JanitorFunction", "Role"), {"Fn::GetAtt": ["ApiRole", "Arn"]}),
        put(
            property_of("ApiRole", "ManagedPolicyArns"),
            ["arn:aws:iam::aws:policy/AdministratorAccess"],
        ),
    ],
    "who_is_asked_by_anybody_may_do_little": [
        put(property_of("WebhookRole", *WEBHOOK_STATEMENTS, 1, "Condition"), None),
        put(property_of("WebhookRole", *WEBHOOK_STATEMENTS, 2, "Condition"), None),
        put(
            property_of("WebhookRole", *WEBHOOK_STATEMENTS, 1, "Action"),
            "dynamodb:Query",
        ),
    ],
    "who_is_asked_by_anybody_is_asked_so_often_only": [
        put(property_of(STAGE, "RouteSettings"), None)
    ],
    "no_function_but_xeros_is_asked_without_a_key": [another_open_route],
    "data_is_encrypted": [
        put(property_of("SyncQueue", "SqsManagedSseEnabled"), None),
        put(property_of("Table", "SSESpecification"), None),
        put(property_of("SpoolBucket", "BucketEncryption"), None),
        put(property_of("ApiLogGroup", "KmsKeyId"), None),
    ],
    "key_policies_speak_to_our_account_and_logs_alone": [
        put(key_statement("TokenKey", 0, "Principal"), "*"),
        put(key_statement("TokenKey", 0, "Principal"), {"AWS": "*"}),
        put(key_statement("DataKey", 1, "Condition"), None),
    ],
    "keys_rotate": [put(property_of("TokenKey", "EnableKeyRotation"), False)],
    "buckets_block_public_access": [
        put(BUCKET_BLOCK, None),
        put((*BUCKET_BLOCK, "RestrictPublicBuckets"), False),
    ],
    "buckets_refuse_plain_http": [
        put(("SpoolBucketPolicy",), None),
        put((*TLS, "Effect"), "Allow"),
        put((*TLS, "Condition", "Bool", "aws:SecureTransport"), True),
    ],
    "buckets_forget": [
        put((*LIFECYCLE, "ExpirationInDays"), None),
        put((*LIFECYCLE, "Status"), "Disabled"),
    ],
    "objects_outlive_the_feed": [put((*LIFECYCLE, "ExpirationInDays"), 13)],
    "tables_expire_by_the_codes_attribute": [
        put(property_of("Table", "TimeToLiveSpecification"), None),
        put(property_of("Table", "TimeToLiveSpecification", "AttributeName"), "ttl"),
    ],
    "tables_can_be_restored": [
        put(property_of("Table", "PointInTimeRecoverySpecification"), None)
    ],
    "data_survives_a_replacement": [put(("Table", "UpdateReplacePolicy"), None)],
    "logs_are_kept_for_a_while_only": [
        put(property_of("ApiLogGroup", "RetentionInDays"), None),
        put(property_of("WorkerFunction", "LoggingConfig"), None),
    ],
    "api_functions_end_before_the_gateway_gives_up": [
        put(property_of("ApiFunction", "Timeout"), 29)
    ],
    "functions_get_the_settings_and_nothing_else": [
        unread_variable,
        put(property_of("ApiFunction", "Environment", "Variables", "PKCE"), None),
    ],
    "no_parameter_carries_a_secret": [secret_parameter],
}
SEEDED = [
    pytest.param(name, seed, id=f"{name}-{seed.__name__}")
    for name, seeds in FAULTS.items()
    for seed in seeds
]


@pytest.mark.parametrize("name", CHECKS)
def test_the_template_keeps(name, document):
    assert list(CHECKS[name](document)) == []


@pytest.mark.parametrize(("name", "seed"), SEEDED)
def test_a_fault_is_noticed(name, seed, document):
    seed(document)
    assert list(CHECKS[name](document)) != []


def test_every_check_is_shown_to_fail():
    assert set(FAULTS) == set(CHECKS)
