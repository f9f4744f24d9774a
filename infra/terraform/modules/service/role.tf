# What a machine may do: its own log, its own secrets, Session Manager, and what the stage was given. Nothing by wildcard
# but where AWS knows no resource; docs/reference/permissions.md has the whole of it.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.region
  # Counted by the names, which are known before the secrets exist.
  has_secrets = length(flatten([for container in values(var.containers) : keys(container.secrets)])) > 0
  secrets     = sort(distinct(flatten([for container in values(var.containers) : values(container.secrets)])))
  ecr         = [for container in values(var.containers) : regex("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.[a-z.]+/([^:@]+)", container.image) if can(regex("^[0-9]{12}\\.dkr\\.ecr\\.", container.image))]
  images      = distinct([for part in local.ecr : "arn:${local.partition}:ecr:${part[1]}:${part[0]}:repository/${part[2]}"])
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = local.full_name
  description          = "Machines of ${local.full_name}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_instance_profile" "this" {
  name = local.full_name
  role = aws_iam_role.this.name
}

resource "aws_iam_role_policy" "base" {
  name   = "machine"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.base.json
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
  }

  # Session Manager, instead of SSH: these actions know no resource.
  statement {
    sid = "SessionManager"
    actions = [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = length(local.images) == 0 ? {} : {
      EcrLogin = { actions = ["ecr:GetAuthorizationToken"], resources = ["*"] } # knows no resource
      EcrPull  = { actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources = local.images }
    }
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  dynamic "statement" {
    for_each = local.has_secrets ? { ReadSecrets = local.secrets } : {}
    content {
      sid       = statement.key
      actions   = ["secretsmanager:GetSecretValue"]
      resources = statement.value
    }
  }
}
