"""Where data lies: kept as long as it must be, and no longer."""

from infra.local.template import parameter_values
from lambda_connector.storage.table import TTL_ATTRIBUTE

from .reading import properties_of
from .registry import check, of, put

LIFECYCLE = of("SpoolBucket", "LifecycleConfiguration", "Rules", 0)
BLOCK = of("SpoolBucket", "PublicAccessBlockConfiguration")


def _rules(bucket):
    return bucket.get("LifecycleConfiguration", {}).get("Rules", [])


@check(put(BLOCK, None), put((*BLOCK, "RestrictPublicBuckets"), False))
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


@check(
    put((*LIFECYCLE, "ExpirationInDays"), None),
    put((*LIFECYCLE, "Status"), "Disabled"),
)
def buckets_forget(document):
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        if not any(
            rule["Status"] == "Enabled" and rule.get("ExpirationInDays")
            for rule in _rules(bucket)
        ):
            yield f"{name}: keeps everything for ever"


@check(put((*LIFECYCLE, "ExpirationInDays"), 13))
def objects_outlive_the_feed(document):
    retention = int(parameter_values(document, {})["FeedRetentionDays"])
    for name, bucket in properties_of(document, "AWS::S3::Bucket"):
        for rule in _rules(bucket):
            if int(rule.get("ExpirationInDays", retention)) < retention:
                yield f"{name}: {rule['Id']} deletes what the feed still announces"


@check(
    put(of("Table", "TimeToLiveSpecification"), None),
    put(of("Table", "TimeToLiveSpecification", "AttributeName"), "ttl"),
)
def tables_expire_by_the_codes_attribute(document):
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        ttl = table.get("TimeToLiveSpecification", {})
        if not ttl.get("Enabled") or ttl["AttributeName"] != TTL_ATTRIBUTE:
            yield f"{name}: its items expire by {ttl}"


@check(put(of("Table", "PointInTimeRecoverySpecification"), None))
def tables_can_be_restored(document):
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        recovery = table.get("PointInTimeRecoverySpecification", {})
        if not recovery.get("PointInTimeRecoveryEnabled"):
            yield f"{name}: no point-in-time recovery"


def _unprotected_by_default(document):
    document["Parameters"]["DeletionProtection"]["Default"] = "false"


@check(
    put(of("Table", "DeletionProtectionEnabled"), None),
    _unprotected_by_default,
)
def tables_refuse_to_be_deleted(document):
    for name, table in properties_of(document, "AWS::DynamoDB::Table"):
        if table.get("DeletionProtectionEnabled") != "true":
            yield f"{name}: one click from gone"


@check(
    put(("Table", "UpdateReplacePolicy"), None),
    put(("DataKey", "DeletionPolicy"), "Delete"),
)
def data_survives_a_replacement(document):
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")
    for name, resource in document["Resources"].items():
        policies = resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")
        if resource["Type"] in kinds and policies != ("Retain", "Retain"):
            yield f"{name}: an update or a removal may take its data along"
