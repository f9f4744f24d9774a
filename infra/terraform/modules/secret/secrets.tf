resource "aws_secretsmanager_secret" "this" {
  for_each = var.secrets

  name                    = "${var.name}/${each.key}"
  description             = each.value.description
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = var.recovery_days
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = var.secrets

  secret_id                = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo         = local.texts[each.key]
  secret_string_wo_version = each.value.version
}

module "guard" {
  source   = "../guard"
  for_each = var.secrets

  actions   = ["secretsmanager:*"]
  resources = ["*"] # in a secret's policy: this secret
}

resource "aws_secretsmanager_secret_policy" "this" {
  for_each = var.secrets

  secret_arn          = aws_secretsmanager_secret.this[each.key].arn
  policy              = module.guard[each.key].json
  block_public_policy = true
}
