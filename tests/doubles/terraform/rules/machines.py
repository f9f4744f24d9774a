"""Launch templates, groups of machines and databases: rules about single arguments, each with its source."""

from tests.doubles.terraform.rules import checks
from tests.doubles.terraform.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule("aws_launch_template", "user_data", checks.user_data, "EC2 CreateLaunchTemplate; instance metadata: 16 KB"),
    Rule("aws_launch_template", "name", checks.name(128, r"[\w()./-]+", 3), "EC2 CreateLaunchTemplate"),
    Rule("aws_launch_template", "metadata_options.http_tokens", checks.one_of("required", "optional"), "EC2 metadata"),
    Rule("aws_launch_template", "metadata_options.http_put_response_hop_limit", checks.between(1, 64), "EC2 metadata"),
    Rule("aws_launch_template", "iam_instance_profile.arn", checks.arn(), "provider: ARN"),
    Rule(
        "aws_launch_template", "iam_instance_profile.arn", checks.arn("iam"), "EC2 CreateLaunchTemplate", at_apply=True
    ),
    Rule(
        "aws_launch_template",
        "block_device_mappings.ebs.volume_type",
        checks.one_of("standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"),
        "EC2 CreateVolume",
    ),
    Rule(
        "aws_launch_template",
        "block_device_mappings.ebs.throughput",
        checks.between(125, 2000),
        "EC2 CreateVolume: gp3",
    ),
    Rule("aws_ebs_volume", "type", checks.one_of("standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"), "CreateVolume"),
    Rule("aws_autoscaling_group", "name", checks.name(255, r"[^:]+"), "Auto Scaling CreateAutoScalingGroup"),
    Rule(
        "aws_autoscaling_group", "health_check_type", checks.name(32, r"(EC2|ELB|EBS|VPC_LATTICE)(,\w+)?"), "provider"
    ),
    Rule(
        "aws_autoscaling_group", "instance_refresh.strategy", checks.one_of("Rolling", "ReplaceRootVolume"), "provider"
    ),
    Rule(
        "aws_autoscaling_lifecycle_hook",
        "lifecycle_transition",
        checks.one_of("autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"),
        "Auto Scaling PutLifecycleHook",
    ),
    Rule("aws_autoscaling_lifecycle_hook", "default_result", checks.one_of("CONTINUE", "ABANDON"), "PutLifecycleHook"),
    Rule("aws_autoscaling_lifecycle_hook", "heartbeat_timeout", checks.between(30, 7200), "PutLifecycleHook"),
    Rule("aws_db_instance", "identifier", checks.name(63, r"[a-z](-?[a-z0-9])*"), "RDS CreateDBInstance"),
    Rule("aws_db_instance", "db_name", checks.name(63, r"[A-Za-z_]\w*"), "RDS CreateDBInstance: PostgreSQL"),
    Rule(
        "aws_db_instance",
        "username",
        checks.name(63, r"(?!(rdsadmin|admin|postgres_)$)[A-Za-z]\w*"),
        "CreateDBInstance",
    ),
    Rule("aws_db_instance", "backup_retention_period", checks.between(0, 35), "RDS CreateDBInstance"),
    Rule("aws_db_instance", "monitoring_interval", checks.one_of(0, 1, 5, 10, 15, 30, 60), "RDS CreateDBInstance"),
    Rule("aws_db_instance", "instance_class", checks.name(64, r"db\.[a-z0-9-]+\.[a-z0-9]+"), "RDS CreateDBInstance"),
    Rule("aws_db_instance", "kms_key_id", checks.arn(), "provider: ARN"),
    Rule("aws_db_instance", "kms_key_id", checks.arn("kms"), "provider: key ARN", at_apply=True),
    Rule("aws_db_instance", "allocated_storage", checks.between(20, 65536), "RDS: gp3, PostgreSQL"),
    Rule(
        "aws_db_instance",
        "enabled_cloudwatch_logs_exports",
        checks.each(
            checks.one_of("postgresql", "upgrade", "iam-db-auth-error", "audit", "error", "general", "slowquery")
        ),
        "RDS CreateDBInstance",
    ),
    Rule("aws_db_subnet_group aws_db_parameter_group", "name", checks.name(255, r"(?!default$)[a-z0-9 ._-]+"), "RDS"),
    Rule("aws_db_parameter_group", "family", checks.name(64, r"[a-z-]+[0-9.]+"), "RDS CreateDBParameterGroup"),
)
