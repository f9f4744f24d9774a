# Credential and role need each other. First the credential, which names a role that is not there yet and makes an external
# id; then the role, which lets in who brings that id; then what is read with both: locations.tf.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  role_name = "${var.name}-databricks"
  role_arn  = "arn:${local.partition}:iam::${local.account}:role/${local.role_name}" # of the resource, it would be a cycle
}

resource "databricks_storage_credential" "lake" {
  name            = "${var.name}-lake"
  comment         = "The lake of ${var.name}."
  isolation_mode  = "ISOLATION_MODE_ISOLATED" # this workspace alone
  skip_validation = true                      # there is no role to try yet; the locations try it

  aws_iam_role {
    role_arn = local.role_arn
  }
}

locals {
  unity_catalog = databricks_storage_credential.lake.aws_iam_role[0]
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "UnityCatalog"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [local.unity_catalog.unity_catalog_iam_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [local.unity_catalog.external_id]
    }
  }

  # Unity Catalog demands that the role may take on itself. A role that is being made cannot be named as a principal.
  statement {
    sid     = "Itself"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account}:root"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:PrincipalArn"
      values   = [local.role_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [local.unity_catalog.external_id]
    }
  }
}

resource "aws_iam_role" "lake" {
  name                 = local.role_name
  description          = "Unity Catalog reads run folders and keeps the tables of ${var.catalog}"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn
}

data "aws_iam_policy_document" "lake" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${var.bucket_arn}/*"]
  }

  statement {
    sid       = "KeepTables"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["${var.bucket_arn}/${var.prefixes.catalog}*"]
  }

  statement {
    sid       = "List"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.bucket_arn]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:s3:arn" # a bucket key's context is the bucket
      values   = [var.bucket_arn]
    }
  }

  statement {
    sid       = "Itself"
    actions   = ["sts:AssumeRole"]
    resources = [aws_iam_role.lake.arn]
  }
}

resource "aws_iam_role_policy" "lake" {
  name   = "lake"
  role   = aws_iam_role.lake.id
  policy = data.aws_iam_policy_document.lake.json
}
