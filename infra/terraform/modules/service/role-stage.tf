# What the stage was given, each use of the key bound to the service through which and the thing for which it is used.

locals {
  kms_via = merge(
    local.has_secrets ? { ReadSecrets = {
      actions  = ["kms:Decrypt"]
      services = ["secretsmanager"]
      context  = { SecretARN = local.secrets }
    } } : {},
    var.kms_via,
  )

  drain_permissions = {
    ReportSpill = {
      actions    = ["cloudwatch:PutMetricData"] # knows no resource, but a namespace
      resources  = ["*"]
      namespaces = toset([var.name])
    }
    EndDrain = {
      actions    = ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"]
      resources  = ["arn:${local.partition}:autoscaling:${local.region}:${local.account}:autoScalingGroup:*:autoScalingGroupName/${local.full_name}"]
      namespaces = toset([])
    }
  }
}

data "aws_iam_policy_document" "stage" {
  dynamic "statement" {
    for_each = var.permissions
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = { for index, condition in statement.value.conditions : tostring(index) => condition }
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }

  dynamic "statement" {
    for_each = local.kms_via
    content {
      sid       = "Key${statement.key}"
      actions   = statement.value.actions
      resources = [var.kms_key_arn]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [for service in statement.value.services : "${service}.${local.region}.amazonaws.com"]
      }
      dynamic "condition" {
        for_each = statement.value.context
        content {
          test     = anytrue([for value in condition.value : strcontains(value, "*")]) ? "StringLike" : "StringEquals"
          variable = "kms:EncryptionContext:${condition.key}"
          values   = condition.value
        }
      }
    }
  }

  dynamic "statement" {
    for_each = { for sid, statement in local.drain_permissions : sid => statement if var.drain != null }
    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.namespaces
        content {
          test     = "StringEquals"
          variable = "cloudwatch:namespace"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "stage" {
  count = length(var.permissions) + length(var.kms_via) > 0 || local.has_secrets || var.drain != null ? 1 : 0

  name   = "stage"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.stage.json
}
