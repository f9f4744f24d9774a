"""Streams, tables, queues, topics and buckets: rules about single arguments, each with its source."""

from tests.doubles.terraform.rules import checks
from tests.doubles.terraform.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("aws_kinesis_stream", "name", checks.name(128, r"[\w.-]+"), "Kinesis CreateStream"),
    Rule("aws_kinesis_stream", "retention_period", checks.between(24, 8760), "IncreaseStreamRetentionPeriod"),
    Rule("aws_kinesis_stream", "encryption_type", checks.one_of("NONE", "KMS"), "Kinesis StartStreamEncryption"),
    Rule(
        "aws_kinesis_stream",
        "stream_mode_details.stream_mode",
        checks.one_of("PROVISIONED", "ON_DEMAND"),
        "CreateStream",
    ),
    Rule("aws_kinesis_stream", "max_record_size_in_kib", checks.between(1024, 10240), "Kinesis UpdateMaxRecordSize"),
    Rule("aws_kinesis_resource_policy", "resource_arn", checks.arn(), "provider: ARN"),
    Rule(
        "aws_kinesis_resource_policy", "resource_arn", checks.arn("kinesis"), "Kinesis PutResourcePolicy", at_apply=True
    ),
    Rule("aws_dynamodb_table", "name", checks.name(255, r"[\w.-]+", 3), "DynamoDB CreateTable"),
    Rule("aws_dynamodb_table", "billing_mode", checks.one_of("PROVISIONED", "PAY_PER_REQUEST"), "DynamoDB CreateTable"),
    Rule("aws_dynamodb_table", "attribute.type", checks.one_of("S", "N", "B"), "DynamoDB CreateTable"),
    Rule("aws_dynamodb_table", "server_side_encryption.kms_key_arn", checks.arn(), "provider: ARN"),
    Rule(
        "aws_dynamodb_table",
        "server_side_encryption.kms_key_arn",
        checks.arn("kms"),
        "DynamoDB CreateTable",
        at_apply=True,
    ),
    Rule("aws_sqs_queue", "name", checks.name(80, r"[\w-]+(\.fifo)?"), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "visibility_timeout_seconds", checks.between(0, 43200), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "message_retention_seconds", checks.between(60, 1209600), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "receive_wait_time_seconds", checks.between(0, 20), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "delay_seconds", checks.between(0, 900), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "max_message_size", checks.between(1024, 1048576), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "kms_data_key_reuse_period_seconds", checks.between(60, 86400), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "redrive_policy", checks.json_text, "provider: JSON"),
    Rule("aws_sqs_queue", "redrive_allow_policy", checks.json_text, "provider: JSON"),
    Rule("aws_sqs_queue", "deduplication_scope", checks.one_of("messageGroup", "queue"), "SQS CreateQueue"),
    Rule("aws_sqs_queue", "fifo_throughput_limit", checks.one_of("perQueue", "perMessageGroupId"), "SQS CreateQueue"),
    Rule("aws_sns_topic", "name", checks.name(256, r"[\w-]+(\.fifo)?"), "SNS CreateTopic"),
    Rule("aws_sns_topic_policy", "arn", checks.arn(), "provider: ARN"),
    Rule("aws_sns_topic_policy", "arn", checks.arn("sns"), "SNS SetTopicAttributes", at_apply=True),
    Rule("aws_sns_topic_subscription", "topic_arn", checks.arn(), "provider: ARN"),
    Rule("aws_sns_topic_subscription", "topic_arn", checks.arn("sns"), "SNS Subscribe", at_apply=True),
    Rule(
        "aws_sns_topic_subscription",
        "protocol",
        checks.one_of("application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"),
        "SNS Subscribe",
    ),
    Rule("aws_s3_bucket", "bucket", checks.bucket, "S3 CreateBucket"),
    Rule(
        "aws_s3_bucket", "bucket_prefix", checks.name(37, r"[a-z0-9][a-z0-9.-]*"), "provider: leaves room for 26 digits"
    ),
    Rule(
        "aws_s3_bucket_versioning",
        "versioning_configuration.status",
        checks.one_of("Enabled", "Suspended", "Disabled"),
        "S3",
    ),
    Rule("aws_s3_bucket_lifecycle_configuration", "rule.status", checks.one_of("Enabled", "Disabled"), "S3"),
    Rule(
        "aws_s3_bucket_server_side_encryption_configuration",
        "rule.apply_server_side_encryption_by_default.sse_algorithm",
        checks.one_of("AES256", "aws:kms", "aws:kms:dsse"),
        "S3 PutBucketEncryption",
    ),
    Rule(
        "aws_s3_bucket_ownership_controls",
        "rule.object_ownership",
        checks.one_of("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
        "S3 PutBucketOwnershipControls",
    ),
)
