"""Policies, roles, keys and secrets: rules about single arguments, each with its source."""

from tests.doubles.terraform.rules import checks
from tests.doubles.terraform.rules.rule import Rule

_IAM_NAME = r"[\w+=,.@-]+"
_RESOURCE_POLICIES = (
    "aws_dynamodb_resource_policy aws_kinesis_resource_policy aws_kms_key aws_kms_key_policy aws_s3_bucket_policy "
    "aws_secretsmanager_secret_policy aws_sns_topic aws_sns_topic_policy aws_sqs_queue aws_sqs_queue_policy "
    "aws_vpc_endpoint"
)

RULES: tuple[Rule, ...] = (
    Rule(_RESOURCE_POLICIES, "policy", checks.json_text, "provider: JSON"),
    Rule(_RESOURCE_POLICIES, "policy", checks.policy, "IAM policy grammar", at_apply=True),
    Rule("aws_iam_role_policy aws_iam_policy", "policy", checks.json_text, "provider: JSON"),
    Rule("aws_iam_role_policy aws_iam_policy", "policy", checks.identity_policy, "IAM PutRolePolicy", at_apply=True),
    Rule("aws_iam_role", "assume_role_policy", checks.json_text, "provider: JSON"),
    Rule("aws_iam_role", "assume_role_policy", checks.trust, "IAM CreateRole", at_apply=True),
    Rule("aws_iam_role", "name", checks.name(64, _IAM_NAME), "IAM CreateRole"),
    Rule("aws_iam_role", "name_prefix", checks.name(38, _IAM_NAME), "provider: leaves room for 26 digits"),
    Rule("aws_iam_role", "permissions_boundary", checks.arn(), "provider: ARN"),
    Rule("aws_iam_role", "permissions_boundary", checks.arn("iam"), "IAM CreateRole", at_apply=True),
    Rule("aws_iam_role", "max_session_duration", checks.between(3600, 43200), "IAM CreateRole"),
    Rule("aws_iam_instance_profile", "name", checks.name(128, _IAM_NAME), "IAM CreateInstanceProfile"),
    Rule("aws_iam_policy", "name", checks.name(128, _IAM_NAME), "IAM CreatePolicy"),
    Rule("aws_iam_role_policy", "name", checks.name(128, _IAM_NAME), "IAM PutRolePolicy"),
    Rule("aws_iam_role_policy_attachment", "policy_arn", checks.arn(), "provider: ARN"),
    Rule("aws_iam_role_policy_attachment", "policy_arn", checks.arn("iam"), "IAM AttachRolePolicy", at_apply=True),
    Rule("aws_kms_key", "deletion_window_in_days", checks.between(7, 30), "KMS ScheduleKeyDeletion"),
    Rule("aws_kms_key", "rotation_period_in_days", checks.between(90, 2560), "KMS EnableKeyRotation"),
    Rule("aws_kms_alias", "name", checks.name(256, r"alias/(?!aws/)[\w/-]+"), "KMS CreateAlias"),
    Rule("aws_secretsmanager_secret", "name", checks.name(512, r"[\w/+=.@-]+"), "Secrets Manager CreateSecret"),
    Rule("aws_secretsmanager_secret", "recovery_window_in_days", checks.between(7, 30, 0), "DeleteSecret, provider: 0"),
    Rule("aws_secretsmanager_secret", "kms_key_id", checks.name(2048, r"[\w:/-]+"), "Secrets Manager CreateSecret"),
)
