"""What moto cannot show, and which check of the template stands for it.

Each row is one promise that no test against the local stack can see kept or broken.
That moto indeed shows nothing of it is looked at here: when it learns one, the row
fails and the promise moves to a test that runs.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local.aws import REGION
from infra.local.template import NOT_DEPLOYED, deployable, transform
from tests.infra.checks import CHECKS

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


class Moto:
    """The template's resources in moto, in this process."""

    def __init__(self, document: dict) -> None:
        self.document = document
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName="beyond", TemplateBody=json.dumps(deployable(document))
        )
        made = cloudformation.list_stack_resources(StackName="beyond")
        self.ids = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in made["StackResourceSummaries"]
        }

    @staticmethod
    def client(service: str, caller: str = "anybody"):
        return boto3.client(
            service,
            region_name=REGION,
            aws_access_key_id=caller,
            aws_secret_access_key="anything",
        )

    def lacks(self, operation: str, code: str) -> bool:
        """Whether the spool's bucket has no such configuration."""
        try:
            getattr(self.client("s3"), operation)(Bucket=self.ids["SpoolBucket"])
        except ClientError as error:
            return error.response["Error"]["Code"] == code
        return False

    def leaves_out(self, kind: str) -> bool:
        """Whether resources of the kind are in the template and not deployed."""
        kinds = {each["Type"] for each in self.document["Resources"].values()}
        return kind.startswith(NOT_DEPLOYED) and kind in kinds


def time_to_live(moto: Moto) -> bool:
    told = moto.client("dynamodb").describe_time_to_live(TableName=moto.ids["Table"])
    return told["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"


def encrypted_table(moto: Moto) -> bool:
    told = moto.client("dynamodb").describe_table(TableName=moto.ids["Table"])
    return "SSEDescription" not in told["Table"]


def recovery(moto: Moto) -> bool:
    told = moto.client("dynamodb").describe_continuous_backups(
        TableName=moto.ids["Table"]
    )["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return told["PointInTimeRecoveryStatus"] == "DISABLED"


def lifecycle(moto: Moto) -> bool:
    return moto.lacks(
        "get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration"
    )


def public_access(moto: Moto) -> bool:
    return moto.lacks("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")


def bucket_policy(moto: Moto) -> bool:
    return moto.lacks("get_bucket_policy", "NoSuchBucketPolicy")


def bucket_key(moto: Moto) -> bool:
    told = moto.client("s3").get_bucket_encryption(Bucket=moto.ids["SpoolBucket"])
    (rule,) = told["ServerSideEncryptionConfiguration"]["Rules"]
    return not rule["BucketKeyEnabled"]


def denial(moto: Moto) -> bool:
    """A stranger writes into the table."""
    item = {"pk": {"S": str(uuid.uuid4())}, "sk": {"S": "-"}}
    table = moto.ids["Table"]
    moto.client("dynamodb", "a stranger").put_item(TableName=table, Item=item)
    return True


def key_policy(moto: Moto) -> bool:
    """A stranger uses the key of the data, directly and not through a service."""
    key = moto.ids["DataKey"]
    sealed = moto.client("kms", "a stranger").encrypt(KeyId=key, Plaintext=b"x")
    return bool(sealed["CiphertextBlob"])


def redrive(moto: Moto) -> bool:
    try:
        moto.client("sqs").start_message_move_task(SourceArn="arn")
    except NotImplementedError:
        return True
    return False


@dataclass(frozen=True)
class Row:
    promise: str
    moto: str
    unseen: Callable[[Moto], bool]
    checks: tuple[str, ...]


TABLE = (
    Row(
        "rows are deleted after their time to live",
        "drops it: expired rows stay",
        time_to_live,
        ("tables_expire_by_the_codes_attribute",),
    ),
    Row(
        "the spool's objects are deleted after the feed's retention",
        "drops the lifecycle",
        lifecycle,
        ("buckets_forget", "objects_outlive_the_feed"),
    ),
    Row(
        "the bucket cannot be opened to the public",
        "drops it",
        public_access,
        ("buckets_block_public_access",),
    ),
    Row(
        "the table is encrypted by the key of the data",
        "drops it",
        encrypted_table,
        ("data_is_encrypted_by_its_own_key",),
    ),
    Row(
        "one call of KMS for many objects",
        "drops it",
        bucket_key,
        ("buckets_ask_kms_once_for_many_objects",),
    ),
    Row(
        "the table can be restored to any second of five weeks",
        "drops it",
        recovery,
        ("tables_can_be_restored",),
    ),
    Row(
        "what no role allows is refused; conditions are looked at",
        "lets everybody do everything; infra/local/permissions.py refuses what a "
        "function's role does not list, and looks at no condition",
        denial,
        (
            "roles_name_exact_actions_and_resources",
            "each_function_has_a_role_of_its_own",
            "who_is_asked_by_anybody_may_do_little",
            "the_data_key_is_used_as_the_other_actions_need_it_and_not_otherwise",
        ),
    ),
    Row(
        "a key refuses whom its policy does not name",
        "lets everybody use it",
        key_policy,
        (
            "key_policies_speak_to_our_account_our_logs_and_our_alarms_alone",
            "no_service_may_use_the_key_of_the_tokens",
            "the_key_of_the_data_knows_every_log_and_alarm",
        ),
    ),
    Row(
        "who speaks without TLS is refused",
        "knows no such policies; the local stack speaks plain http",
        lambda moto: (
            bucket_policy(moto)
            and moto.leaves_out("AWS::S3::BucketPolicy")
            and moto.leaves_out("AWS::SQS::QueuePolicy")
            and moto.leaves_out("AWS::SNS::TopicPolicy")
        ),
        ("nothing_is_spoken_to_without_tls",),
    ),
    Row(
        "messages go back from a dead-letter queue (redrive)",
        "has not implemented it; that they come there is tested on the local stack",
        redrive,
        (
            "consumed_queues_have_a_dead_letter_queue_of_their_kind",
            "what_failed_for_good_is_kept_for_longer_than_what_waits",
        ),
    ),
    Row(
        "alarms are raised, told and drawn",
        "creates neither alarms nor a dashboard",
        lambda moto: (
            moto.leaves_out("AWS::CloudWatch::Alarm")
            and moto.leaves_out("AWS::CloudWatch::Dashboard")
            and moto.leaves_out("AWS::SNS::Subscription")
        ),
        (
            "every_alarm_tells_that_it_began_and_that_it_ended",
            "our_alarms_may_be_told_to_the_topic_and_nothing_else",
            "mail_is_sent_to_who_was_named_and_to_nobody_else",
            "watched_metrics_of_aws_are_of_our_resources",
            "watched_metrics_of_ours_are_emitted",
            "what_fails_at_aws_has_an_alarm",
            "what_the_connector_counts_has_an_alarm",
            "silence_means_what_it_should",
            "the_dashboard_shows_every_alarm_and_what_it_looks_at",
        ),
    ),
    Row(
        "who asks too often is throttled; calls are logged without who and what",
        "creates no HTTP API; infra/local/gateway.py stands for it and does neither",
        lambda moto: moto.leaves_out("AWS::ApiGatewayV2::Stage"),
        (
            "every_route_is_throttled",
            "who_is_asked_by_anybody_is_asked_so_often_only",
            "calls_are_logged_without_who_and_what",
        ),
    ),
    Row(
        "functions are traced; a scheduled round is not started again",
        "is given no function; infra/local runs them without either",
        lambda moto: (
            moto.leaves_out("AWS::Lambda::Function")
            and moto.leaves_out("AWS::Lambda::EventInvokeConfig")
        ),
        ("functions_are_traced", "a_scheduled_round_is_not_made_up_for"),
    ),
)


@pytest.fixture(scope="module")
def moto():
    with mock_aws():
        yield Moto(transform(TEMPLATE, {}))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.promise)
def test_moto_shows_nothing_of_it_and_a_check_of_the_template_does(row, moto):
    assert row.unseen(moto), f"moto shows it now, no more: {row.moto}"
    assert [each for each in row.checks if each not in CHECKS] == []
