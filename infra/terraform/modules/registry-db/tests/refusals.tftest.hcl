# What is refused at plan, each with a sentence that names the variable.

# Not mocked: Terraform cannot mock what is ephemeral.
provider "aws" {
  region = "eu-west-1"
}

variables {
  name        = "snowmelt-test"
  database    = "iglu"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
}

# The module reads the password back from its secret, so there has to be one.
run "secret" {
  module {
    source = "../secret"
  }

  variables {
    secrets = { db = { description = "A database.", generate = true } }
    values  = {} # said, because Terraform holds an ephemeral default for unset here
  }
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name       = "Snowmelt_Dev"
    secret_arn = run.secret.arns["db"]
  }
}

run "key" {
  command         = plan
  expect_failures = [var.kms_key_arn]

  variables {
    kms_key_arn = "alias/aws/sqs"
    secret_arn  = run.secret.arns["db"]
  }
}

run "database" {
  command         = plan
  expect_failures = [var.database]

  variables {
    database   = "iglu-db"
    secret_arn = run.secret.arns["db"]
  }
}

run "one_subnet" {
  command         = plan
  expect_failures = [var.subnet_ids]

  variables {
    subnet_ids = ["subnet-0123456789abcdef0"]
    secret_arn = run.secret.arns["db"]
  }
}

run "class" {
  command         = plan
  expect_failures = [var.instance_class]

  variables {
    instance_class = "t4g.micro"
    secret_arn     = run.secret.arns["db"]
  }
}

run "secret_text" {
  command         = plan
  expect_failures = [var.secret_arn]

  variables {
    secret_arn = "hunter2"
  }
}

run "password_version" {
  command         = plan
  expect_failures = [var.password_version]

  variables {
    password_version = 0
    secret_arn       = run.secret.arns["db"]
  }
}

run "authority" {
  command         = plan
  expect_failures = [var.ca_certificate]

  variables {
    ca_certificate = "letsencrypt"
    secret_arn     = run.secret.arns["db"]
  }
}
