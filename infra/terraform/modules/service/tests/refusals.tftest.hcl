# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  stage       = "collector"
  vpc_id      = "vpc-0123456789abcdef0"
  subnet_ids  = ["subnet-0123456789abcdef0"]
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  containers  = { app = { image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/snowmelt:0.1.0", command = ["snowmelt", "collector"], environment = { A = "100 % $x" } } }
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "key" {
  command         = plan
  expect_failures = [var.kms_key_arn]

  variables {
    kms_key_arn = "alias/aws/sqs"
  }
}

run "stage" {
  command         = plan
  expect_failures = [var.stage]

  variables {
    stage = "Collector"
  }
}

run "no_subnet" {
  command         = plan
  expect_failures = [var.subnet_ids]

  variables {
    subnet_ids = []
  }
}

run "type" {
  command         = plan
  expect_failures = [var.instance]

  variables {
    instance = { type = "small" }
  }
}

run "capacity" {
  command         = plan
  expect_failures = [var.capacity]

  variables {
    capacity = { min = 2, max = 1, desired = 1 }
  }
}

run "no_container" {
  command         = plan
  expect_failures = [var.containers]

  variables {
    containers = {}
  }
}

run "line_break" {
  command         = plan
  expect_failures = [var.containers]

  variables {
    containers = { app = { image = "a:1", environment = { A = "x\ny" } } }
  }
}

run "variable" {
  command         = plan
  expect_failures = [var.containers]

  variables {
    containers = { app = { image = "a:1", environment = { "A-B" = "x" } } }
  }
}

run "secret_text" {
  command         = plan
  expect_failures = [var.containers]

  variables {
    containers = { app = { image = "a:1", secrets = { PASSWORD = "hunter2" } } }
  }
}

run "file" {
  command         = plan
  expect_failures = [var.files]

  variables {
    files = { "/etc/passwd" = { content = "" } }
  }
}

run "mount" {
  command         = plan
  expect_failures = [var.data_volume]

  variables {
    data_volume = { mount = "data" }
  }
}

run "patience" {
  command         = plan
  expect_failures = [var.drain]

  variables {
    drain = { folder = "/data/spill", patience_seconds = 10 }
  }
}
