"""Who is told, of what, and what the message says."""

import re
from collections import defaultdict

from infra.local.template import parameter_values

from .metrics import of_alarms
from .reading import arn, properties_of, queue_mappings
from .registry import check, of, put

CHAPTER = re.compile(r" See docs/operating\.md#[a-z-]+$")
LONGEST_DESCRIPTION = 1024
_OF_OURS = {
    "ChoreFailed": ("Sum", 0),
    "DayLimitReached": ("Sum", 0),
    "JanitorPutOff": ("Sum", 0),
    "JanitorRound": ("Sum", 1),
    "ReconnectNeeded": ("Maximum", 0),
    "SyncFailed": ("Sum", 0),
    "TokenRefreshFailed": ("Sum", 0),
    "WebhookSeconds": ("p99", 3),
}
"""What the connector itself counts and somebody must hear of: statistic, threshold.
Xero waits five seconds for a webhook's answer."""
_OF_FUNCTIONS = ("Errors", "Throttles")
_OF_TABLES = ("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors")
_GAUGES = ("ReconnectNeeded",)


def alarms_of(document):
    return properties_of(document, "AWS::CloudWatch::Alarm")


@check(
    put(of("ApiErrorsAlarm", "AlarmActions"), None),
    put(of("JanitorSilentAlarm", "OKActions"), ["arn:aws:sns:::another"]),
    put(of("JanitorSilentAlarm", "ActionsEnabled"), False),
)
def every_alarm_tells_that_it_began_and_that_it_ended(document):
    topics = [name for name, _ in properties_of(document, "AWS::SNS::Topic")]
    for name, alarm in alarms_of(document):
        for actions in ("AlarmActions", "OKActions"):
            if alarm.get(actions) != topics or not alarm.get("ActionsEnabled", True):
                yield f"{name}: nobody hears of it ({actions})"


@check(
    put(("AlarmMail", "Condition"), None),
    put(of("AlarmMail", "Endpoint"), "somebody@example.com"),
    put(of("AlarmMail", "Protocol"), "http"),
)
def mail_is_sent_to_who_was_named_and_to_nobody_else(document):
    named = {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}
    if document["Conditions"].get("MailAlarms") != named:
        yield "MailAlarms: not whether somebody was named"
    for name, resource in document["Resources"].items():
        if resource["Type"] != "AWS::SNS::Subscription":
            continue
        mail = resource["Properties"]
        if resource.get("Condition") != "MailAlarms":
            yield f"{name}: cannot be made without an address"
        if (mail["Protocol"], mail["Endpoint"]) != ("email", {"Ref": "AlarmEmail"}):
            yield f"{name}: tells {mail}"


@check(
    put(of("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Condition"), None),
    put(of("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Principal"), "*"),
    put(of("AlarmTopicPolicy", "PolicyDocument", "Statement", 0, "Action"), "sns:*"),
    put(("AlarmTopicPolicy",), None),
)
def our_alarms_may_be_told_to_the_topic_and_nothing_else(document):
    told = set()
    for name, policy in properties_of(document, "AWS::SNS::TopicPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] != "Allow":
                continue
            looked_at = {
                each for by in statement.get("Condition", {}).values() for each in by
            }
            if (
                statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
                and statement["Action"] == "sns:Publish"
                and looked_at == {"aws:SourceAccount", "aws:SourceArn"}
            ):
                told |= set(policy["Topics"])
            else:
                yield f"{name}: {statement['Principal']} may {statement['Action']}"
    for name, _ in properties_of(document, "AWS::SNS::Topic"):
        if name not in told:
            yield f"{name}: no alarm may be told to it"


@check(
    put(of("SyncFailedAlarm", "AlarmDescription"), "A sync failed."),
    put(
        of("SyncFailedAlarm", "AlarmDescription"),
        "A sync failed. See docs/operating.md#sync-failed",
    ),
    put(
        of("ApiErrorsAlarm", "AlarmDescription"),
        "Nothing is lost." + "x" * 1024 + " See docs/operating.md#function-errors",
    ),
)
def descriptions_say_what_is_lost_and_where_to_read_on(document):
    for name, alarm in alarms_of(document):
        text = alarm.get("AlarmDescription", "")
        if not CHAPTER.search(text):
            yield f"{name}: no chapter of docs/operating.md"
        if " lost" not in text:
            yield f"{name}: is anything lost?"
        if len(text) > LONGEST_DESCRIPTION:
            yield f"{name}: {len(text)} characters"


@check(
    put(of("SyncDeadLetterAlarm", "MetricName"), "ApproximateAgeOfOldestMessage"),
    put(of("SyncDeadLetterAlarm", "Dimensions"), []),
    put(("WebhookDeadLetterAlarm",), None),
    put(of("SyncDeadLetterAlarm", "Threshold"), 5),
)
def dead_letter_queues_have_an_alarm(document):
    """On the first message: one that failed for good is nobody's but a person's."""
    queues = dict(properties_of(document, "AWS::SQS::Queue"))
    watched = {
        dimension["Value"]
        for _, alarm in alarms_of(document)
        for dimension in alarm.get("Dimensions", [])
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and alarm["Threshold"] == 0
    }
    dead = {
        q["RedrivePolicy"]["deadLetterTargetArn"]
        for q in queues.values()
        if "RedrivePolicy" in q
    }
    for name in queues:
        if arn(document, name) in dead and name not in watched:
            yield f"{name}: nobody hears of a message that failed for good"


@check(
    put(("WebhookQueueAgeAlarm",), None),
    put(of("SyncQueueAgeAlarm", "Threshold"), 700),
)
def queues_that_are_not_worked_on_have_an_alarm(document):
    """Not before a message that failed once has come back, which is no reason to wake
    anybody."""
    patience = {
        dimension["Value"]: alarm["Threshold"]
        for _, alarm in alarms_of(document)
        for dimension in alarm.get("Dimensions", [])
        if alarm["MetricName"] == "ApproximateAgeOfOldestMessage"
    }
    for _, name, queue, _ in queue_mappings(document):
        if patience.get(name, 0) <= int(queue["VisibilityTimeout"]):
            yield f"{name}: its alarm is {patience.get(name)}"


def _watched(document) -> set[tuple[str, str]]:
    """Metric and each of the values of its dimensions."""
    return {
        (metric.name, value)
        for metric in of_alarms(document)
        for value in metric.dimensions.values()
    }


@check(
    put(("JanitorErrorsAlarm",), None),
    put(("WebhookThrottledAlarm",), None),
    put(("TableWritesThrottledAlarm",), None),
    put(("DueIndexThrottledAlarm",), None),
    put(("TableErrorsAlarm",), None),
    put(("ApiUnavailableAlarm",), None),
)
def what_fails_at_aws_has_an_alarm(document):
    wanted = [
        (metric, name)
        for name, _ in properties_of(document, "AWS::Lambda::Function")
        for metric in _OF_FUNCTIONS
    ]
    wanted += [
        ("5xx", name) for name, _ in properties_of(document, "AWS::ApiGatewayV2::Api")
    ]
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        wanted += [(metric, name) for metric in _OF_TABLES]
        wanted += [
            ("WriteThrottleEvents", index["IndexName"])
            for index in table.get("GlobalSecondaryIndexes", [])
        ]
    alone = {
        (metric.name, *metric.dimensions.values()) for metric in of_alarms(document)
    }
    for metric, name in wanted:
        of_itself = (metric, name) in alone or metric == "SystemErrors"
        if (metric, name) not in _watched(document) or not (of_itself or name == "due"):
            yield f"{name}: nobody hears of its {metric}"


@check(
    put(of("TableErrorsAlarm", "Metrics", 3, "MetricStat", "Metric", "Dimensions"), []),
)
def errors_of_the_table_are_those_of_every_operation_of_ours(document):
    """DynamoDB counts them by operation, and by table never."""
    used = {
        action.partition(":")[2]
        for _, role in properties_of(document, "AWS::IAM::Role")
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
        if action.startswith("dynamodb:")
    }
    watched = {
        metric.dimensions.get("Operation")
        for metric in of_alarms(document)
        if metric.name == "SystemErrors"
    }
    # Of what a transaction does the roles name the parts.
    if watched != used | {"TransactWriteItems"}:
        yield f"Table: watched {watched}, used {used}"


@check(
    put(of("WorkerConcurrencyAlarm", "Threshold"), 6),
    put(("WorkerConcurrencyAlarm",), None),
)
def reaching_the_workers_concurrency_has_an_alarm(document):
    limit = parameter_values(document, {})["WorkerConcurrency"]
    watched = {
        (alarm["Threshold"], alarm["ComparisonOperator"])
        for _, alarm in alarms_of(document)
        if alarm.get("MetricName") == "ConcurrentExecutions"
    }
    if watched != {(limit, "GreaterThanOrEqualToThreshold")}:
        yield f"WorkerFunction: watched at {watched}, limited at {limit}"


@check(
    put(("TokenRefreshFailedAlarm",), None),
    put(of("WebhookSlowAlarm", "ExtendedStatistic"), "p50"),
    put(of("WebhookSlowAlarm", "Threshold"), 5),
    put(of("ReconnectNeededAlarm", "Statistic"), "Sum"),
    put(of("SyncFailedAlarm", "Metrics", 1, "MetricStat", "Stat"), "Average"),
)
def what_the_connector_counts_has_an_alarm(document):
    found = defaultdict(set)
    for _, alarm in alarms_of(document):
        threshold = alarm["Threshold"]
        if "MetricName" in alarm:
            statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
            found[alarm["MetricName"]].add((statistic, threshold))
        for one in alarm.get("Metrics", []):
            if stat := one.get("MetricStat"):
                found[stat["Metric"]["MetricName"]].add((stat["Stat"], threshold))
    for metric, wanted in _OF_OURS.items():
        if found[metric] != {wanted}:
            yield f"{metric}: watched as {found[metric]}, not {wanted}"


@check(
    put(of("JanitorSilentAlarm", "TreatMissingData"), "notBreaching"),
    put(of("JanitorSilentAlarm", "ComparisonOperator"), "GreaterThanThreshold"),
    put(of("ApiErrorsAlarm", "TreatMissingData"), "breaching"),
    put(of("ReconnectNeededAlarm", "TreatMissingData"), "notBreaching"),
)
def silence_means_what_it_should(document):
    """Of what should happen, that it does not; of what is counted, none; of what is
    measured now and then, what it was."""
    for name, alarm in alarms_of(document):
        metric = alarm.get("MetricName")
        wanted = "breaching" if metric == "JanitorRound" else "notBreaching"
        if metric in _GAUGES:
            wanted = "ignore"
        if alarm.get("TreatMissingData") != wanted:
            yield f"{name}: silence is {alarm.get('TreatMissingData')}"
        fewer = alarm["ComparisonOperator"].startswith("LessThan")
        if fewer != (metric == "JanitorRound"):
            yield f"{name}: {alarm['ComparisonOperator']}"
