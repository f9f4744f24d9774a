# Texts are ephemeral: made anew at each run, written only when a version is raised, kept nowhere but in Secrets Manager.

locals {
  made = { for key, secret in var.secrets : key => secret if secret.generate }

  # Letters and digits alone: they stand in addresses, environment files and commands as they are.
  alphabet = {
    password = { length = null, upper = true, lower = true, numeric = true, signs = null }
    fernet   = { length = 42, upper = true, lower = true, numeric = true, signs = null }
    uuid     = { length = 30, upper = false, lower = false, numeric = false, signs = "0123456789abcdef" }
  }
}

ephemeral "random_password" "this" {
  for_each = local.made

  length           = coalesce(local.alphabet[each.value.form].length, each.value.length)
  upper            = local.alphabet[each.value.form].upper
  lower            = local.alphabet[each.value.form].lower
  numeric          = local.alphabet[each.value.form].numeric
  special          = local.alphabet[each.value.form].signs != null
  override_special = local.alphabet[each.value.form].signs
}

locals {
  random = { for key in keys(local.made) : key => ephemeral.random_password.this[key].result }

  texts = { for key, secret in var.secrets : key => (
    !secret.generate ? var.values[key] :
    secret.form == "fernet" ? "${local.random[key]}A=" : # 42 signs, one that ends on zero bits, the filling sign: 32 bytes
    secret.form == "uuid" ? format("%s-%s-4%s-a%s-%s",   # version 4, RFC 9562
      substr(local.random[key], 0, 8), substr(local.random[key], 8, 4), substr(local.random[key], 12, 3),
    substr(local.random[key], 15, 3), substr(local.random[key], 18, 12)) :
    local.random[key]
  ) }
}
