# An upload that says nothing of encryption gets the bucket's key. One that asks for anything else is refused.

locals {
  header = "s3:x-amz-server-side-encryption"

  # What an upload may not ask for, as conditions that all hold. `Null` is "true" where a header is not sent.
  refused = {
    DenyOtherAlgorithm = [
      { test = "Null", variable = local.header, values = ["false"] },
      { test = "StringNotEquals", variable = local.header, values = ["aws:kms"] },
    ]
    DenyOtherKey = [
      { test = "Null", variable = "${local.header}-aws-kms-key-id", values = ["false"] },
      { test = "StringNotEquals", variable = "${local.header}-aws-kms-key-id", values = [var.kms_key_arn] },
    ]
    # KMS without a key's name is not the bucket's key: S3 takes its own, aws/s3.
    DenyUnnamedKey = [
      { test = "StringEquals", variable = local.header, values = ["aws:kms"] },
      { test = "Null", variable = "${local.header}-aws-kms-key-id", values = ["true"] },
    ]
    DenyCustomerKey = [
      { test = "Null", variable = "${local.header}-customer-algorithm", values = ["false"] },
    ]
  }
}

data "aws_iam_policy_document" "encryption" {
  dynamic "statement" {
    for_each = local.refused
    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = ["s3:PutObject"]
      resources = ["${aws_s3_bucket.this.arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }
      dynamic "condition" {
        for_each = { for condition in statement.value : "${condition.test} ${condition.variable}" => condition }
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

module "guard" {
  source = "../guard"

  actions   = ["s3:*"]
  resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
  documents = [data.aws_iam_policy_document.encryption.json]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = module.guard.json

  depends_on = [aws_s3_bucket_public_access_block.this] # S3 refuses the two at once
}
