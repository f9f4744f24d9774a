"""S3: buckets, and what is set on them by resources of their own."""

from collections.abc import Callable
from typing import Any

from tests.doubles.terraform.moto.arguments import Arguments, Values
from tests.doubles.terraform.moto.clients import Aws
from tests.doubles.terraform.moto.kind import Kind, as_before, overlaid, put

_HOME = "us-east-1"
"""The one region that a new bucket does not name."""


def _create_bucket(aws: Aws, given: Arguments) -> Values:
    s3 = aws("s3")
    region = s3.meta.region_name
    where = {} if region == _HOME else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    lock = given.named(ObjectLockEnabledForBucket="object_lock_enabled")
    s3.create_bucket(Bucket=given["bucket"], **where, **lock)
    if given.tags():
        s3.put_bucket_tagging(Bucket=given["bucket"], Tagging={"TagSet": given.tags()})
    return {"id": given["bucket"], "arn": f"arn:aws:s3:::{given['bucket']}"}


def _read_bucket(aws: Aws, prior: Values) -> Values | None:
    aws("s3").head_bucket(Bucket=prior["bucket"])
    return {}


def _delete_bucket(aws: Aws, prior: Values) -> None:
    s3, bucket = aws("s3"), {"Bucket": prior["bucket"]}
    if prior["force_destroy"]:
        listed = s3.list_object_versions(**bucket)
        for found in (*listed.get("Versions", []), *listed.get("DeleteMarkers", [])):
            s3.delete_object(**bucket, Key=found["Key"], VersionId=found["VersionId"])
    s3.delete_bucket(**bucket)


def _setting(
    call: str,
    send: Callable[[Arguments], Values],
    told: Callable[[Values, Any], Values],
    removed: str | None = None,
) -> Kind:
    """A resource that is no more than a setting of a bucket: `put_<call>`, `get_<call>` and `delete_<call>`."""

    def put_(aws: Aws, given: Arguments) -> Values:
        getattr(aws("s3"), f"put_{call}")(Bucket=given["bucket"], **send(given))
        return {"id": given["bucket"]}

    def read(aws: Aws, prior: Values) -> Values | None:
        found = getattr(aws("s3"), f"get_{call}")(Bucket=prior["bucket"])
        return told(prior, found)

    def delete(aws: Aws, prior: Values) -> None:
        getattr(aws("s3"), removed or f"delete_{call}")(Bucket=prior["bucket"])

    return put(put_, read, delete)


def _encryption(given: Arguments) -> Values:
    rules = []
    for rule in given.blocks("rule"):
        default = rule.block("apply_server_side_encryption_by_default")
        how = default.named(SSEAlgorithm="sse_algorithm", KMSMasterKeyID="kms_master_key_id")
        bucket_key = rule.named(BucketKeyEnabled="bucket_key_enabled")
        rules.append({"ApplyServerSideEncryptionByDefault": how, **bucket_key})
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _told_encryption(prior: Values, found: Any) -> Values:
    rule = found["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    inner = overlaid(
        prior["rule"][0],
        "apply_server_side_encryption_by_default",
        sse_algorithm=default["SSEAlgorithm"],
        kms_master_key_id=default.get("KMSMasterKeyID"),
    )
    return {"rule": overlaid(prior, "rule", apply_server_side_encryption_by_default=inner)}


def _versioning(given: Arguments) -> Values:
    named = given.block("versioning_configuration").named(Status="status", MFADelete="mfa_delete")
    return {"VersioningConfiguration": named}


def _told_versioning(prior: Values, found: Any) -> Values:
    status = found.get("Status", "Suspended")
    return {"versioning_configuration": overlaid(prior, "versioning_configuration", status=status)}


_BLOCKS = {
    "BlockPublicAcls": "block_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "IgnorePublicAcls": "ignore_public_acls",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


def _told_blocks(_: Values, found: Any) -> Values:
    said = found["PublicAccessBlockConfiguration"]
    return {ours: said[theirs] for theirs, ours in _BLOCKS.items()}


def _ownership(given: Arguments) -> Values:
    rules = [rule.named(ObjectOwnership="object_ownership") for rule in given.blocks("rule")]
    return {"OwnershipControls": {"Rules": rules}}


def _told_ownership(prior: Values, found: Any) -> Values:
    owner = found["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
    return {"rule": overlaid(prior, "rule", object_ownership=owner)}


def _lifecycle(given: Arguments) -> Values:
    return {"LifecycleConfiguration": {"Rules": [_rule(rule) for rule in given.blocks("rule")]}}


def _rule(rule: Arguments) -> Values:
    sent = rule.named(ID="id", Status="status")
    sent["Filter"] = {"Prefix": rule.block("filter")["prefix"] or ""}
    expiration = rule.block("expiration").named(Days="days", ExpiredObjectDeleteMarker="expired_object_delete_marker")
    old = rule.block("noncurrent_version_expiration").named(NoncurrentDays="noncurrent_days")
    upload = rule.block("abort_incomplete_multipart_upload").named(DaysAfterInitiation="days_after_initiation")
    parts = {
        "Expiration": expiration,
        "NoncurrentVersionExpiration": old,
        "AbortIncompleteMultipartUpload": upload,
    }
    return sent | {name: part for name, part in parts.items() if part}


def _told_lifecycle(prior: Values, found: Any) -> Values:
    """The rules that are still there and as they were; what else became of one is not told."""
    there = {rule["ID"]: rule["Status"] for rule in found["Rules"]}
    return {"rule": [{**rule, "status": there[rule["id"]]} for rule in prior["rule"] if rule["id"] in there]}


def _suspend(aws: Aws, prior: Values) -> None:
    """Versioning cannot be taken off a bucket."""
    aws("s3").put_bucket_versioning(Bucket=prior["bucket"], VersioningConfiguration={"Status": "Suspended"})


def _versions() -> Kind:
    kind = _setting("bucket_versioning", _versioning, _told_versioning)
    return put(kind.create, kind.read, _suspend)


KINDS = {
    "aws_s3_bucket": Kind(
        _create_bucket, _read_bucket, _delete_bucket, None, {"force_destroy": "says how the bucket is deleted"}
    ),
    "aws_s3_bucket_policy": _setting(
        "bucket_policy",
        lambda given: {"Policy": given["policy"]},
        lambda prior, found: {"policy": as_before(prior["policy"], found["Policy"])},
    ),
    "aws_s3_bucket_versioning": _versions(),
    "aws_s3_bucket_server_side_encryption_configuration": _setting("bucket_encryption", _encryption, _told_encryption),
    "aws_s3_bucket_lifecycle_configuration": _setting(
        "bucket_lifecycle_configuration", _lifecycle, _told_lifecycle, removed="delete_bucket_lifecycle"
    ),
    "aws_s3_bucket_public_access_block": _setting(
        "public_access_block",
        lambda given: {"PublicAccessBlockConfiguration": given.named(**_BLOCKS)},
        _told_blocks,
    ),
    "aws_s3_bucket_ownership_controls": _setting("bucket_ownership_controls", _ownership, _told_ownership),
}
