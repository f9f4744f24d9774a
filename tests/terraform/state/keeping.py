"""What is kept, for how long, and what is done with what fails: queues, buckets, databases, tables, secrets."""

import json

from tests.doubles.terraform.state import State
from tests.terraform.state.alarming import dead_letters
from tests.terraform.state.world import blocks, some


def queues(state: State) -> list[str]:
    """Queues that would lose, double or block messages."""
    found = list(some(state, "aws_sqs_queue", "aws_sqs_queue_redrive_allow_policy"))
    dead = dead_letters(state)
    for queue in state.of("aws_sqs_queue"):
        wanted = {
            "fifo_queue": True,
            "deduplication_scope": "messageGroup",
            "fifo_throughput_limit": "perMessageGroupId",
        }
        for name, value in wanted.items():
            if queue[name] != value:
                found.append(f"{queue.address}: {name} is {queue[name]}, not {value}")
        if queue["arn"] in dead:
            if queue["message_retention_seconds"] != 1209600:
                found.append(f"{queue.address}: dead letters are not kept for 14 days")
            continue
        redrive = json.loads(queue["redrive_policy"] or "{}")
        if redrive.get("maxReceiveCount") != 3:
            found.append(f"{queue.address}: a message is tried {redrive.get('maxReceiveCount')} times, not 3")
        if redrive.get("deadLetterTargetArn") not in {q["arn"] for q in state.of("aws_sqs_queue")}:
            found.append(f"{queue.address}: has no queue of dead letters")
        hidden = queue["visibility_timeout_seconds"]
        if hidden is not None and not 30 <= hidden <= 43200:  # SQS' own is 30
            found.append(f"{queue.address}: a message is hidden for {hidden} seconds")
    return found


def buckets(state: State) -> list[str]:
    """Buckets that could be public, that pay for uploads nobody finished, or whose errors are not counted."""
    kinds = ("aws_s3_bucket", "aws_s3_bucket_public_access_block", "aws_s3_bucket_lifecycle_configuration")
    found = list(some(state, *kinds))
    for bucket in state.of("aws_s3_bucket"):
        name = bucket["bucket"]
        switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        blocking = state.of("aws_s3_bucket_public_access_block", bucket=name)
        if not blocking or not all(blocking[0][switch] for switch in switches):
            found.append(f"{bucket.address}: could be made public")
        rules = [
            rule
            for configuration in state.of("aws_s3_bucket_lifecycle_configuration", bucket=name)
            for rule in blocks(configuration.values, "rule")
            if rule["status"] == "Enabled"
        ]
        aborted = [
            r["days_after_initiation"] for rule in rules for r in blocks(rule, "abort_incomplete_multipart_upload")
        ]
        if aborted != [1]:
            found.append(f"{bucket.address}: unfinished uploads are not removed after a day")
        prefixes = [
            block.get("prefix") for rule in rules if blocks(rule, "expiration.days") for block in blocks(rule, "filter")
        ]
        if any(not prefix for prefix in prefixes):
            found.append(f"{bucket.address}: everything in it expires")
        if not state.of("aws_s3_bucket_metric", bucket=name):
            found.append(f"{bucket.address}: its requests are not counted")
        encryption = state.of("aws_s3_bucket_server_side_encryption_configuration", bucket=name)
        if not any(rule["bucket_key_enabled"] for e in encryption for rule in blocks(e.values, "rule")):
            found.append(f"{bucket.address}: asks KMS for each object")
        if not any(
            block["status"] == "Enabled"
            for versions in state.of("aws_s3_bucket_versioning", bucket=name)
            for block in blocks(versions.values, "versioning_configuration")
        ):
            found.append(f"{bucket.address}: what was overwritten is gone")
    return found


def databases(state: State) -> list[str]:
    """Databases without backup or TLS, and tables that could not be restored."""
    found = list(some(state, "aws_db_instance", "aws_db_parameter_group", "aws_dynamodb_table"))
    for database in state.of("aws_db_instance"):
        if not database["backup_retention_period"]:
            found.append(f"{database.address}: is not backed up")
        groups = state.of("aws_db_parameter_group", name=database["parameter_group_name"])
        parameters = {p["name"]: p["value"] for group in groups for p in blocks(group.values, "parameter")}
        if parameters.get("rds.force_ssl") != "1":
            found.append(f"{database.address}: answers without TLS")
    for table in state.of("aws_dynamodb_table"):
        if not any(block["enabled"] for block in blocks(table.values, "point_in_time_recovery")):
            found.append(f"{table.address}: cannot be restored")
    return found


def secrets(state: State) -> list[str]:
    """Secrets that hold nothing, or whose text is in the state."""
    found = list(some(state, "aws_secretsmanager_secret", "aws_secretsmanager_secret_version"))
    versions = state.of("aws_secretsmanager_secret_version")
    for secret in state.of("aws_secretsmanager_secret"):
        by_hand = "/airflow/connections/" in secret["name"]  # a command fills it, past plan and state
        if not by_hand and secret["arn"] not in {version["secret_id"] for version in versions}:
            found.append(f"{secret.address}: holds nothing")
    for version in versions:
        if version.values.get("secret_string") or version.values.get("secret_binary"):
            found.append(f"{version.address}: its text is in the state")
        if not version.values.get("secret_string_wo_version"):
            found.append(f"{version.address}: could never be changed")
    for database in state.of("aws_db_instance"):
        if database.values.get("password") or not database.values.get("password_wo_version"):
            found.append(f"{database.address}: its password is in the state, or could never be changed")
    return found


def streams(state: State) -> list[str]:
    """Streams with less than a day, and those that name shards without being sized by them."""
    found = list(some(state, "aws_kinesis_stream"))
    for stream in state.of("aws_kinesis_stream"):
        if (stream["retention_period"] or 24) < 24:
            found.append(f"{stream.address}: keeps less than a day")
        modes = [block["stream_mode"] for block in blocks(stream.values, "stream_mode_details")]
        if modes == ["PROVISIONED"] and not stream["shard_count"]:
            found.append(f"{stream.address}: provisioned without shards")
    return found
