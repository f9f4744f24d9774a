# A lease says which worker reads which shard and how far it has come. Ours lie in one table with the runs, because a
# checkpoint and its run folder are committed in one transaction. Nothing in them expires: without its checkpoint a shard
# would be read from the start.

resource "aws_dynamodb_table" "lease" {
  for_each = var.lease_tables

  name                        = "${var.name}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  range_key                   = each.value.range_key
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = toset(compact([each.value.hash_key, each.value.range_key]))
    content {
      name = attribute.value
      type = "S"
    }
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }

  point_in_time_recovery {
    enabled = true
  }
}

module "table_guard" {
  source   = "../guard"
  for_each = var.lease_tables

  actions   = ["dynamodb:*"]
  resources = [aws_dynamodb_table.lease[each.key].arn]
}

resource "aws_dynamodb_resource_policy" "lease" {
  for_each = var.lease_tables

  resource_arn = aws_dynamodb_table.lease[each.key].arn
  policy       = module.table_guard[each.key].json
}
