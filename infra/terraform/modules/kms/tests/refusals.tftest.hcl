# What is refused at plan, each with a sentence that names the variable.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name               = "snowmelt-test"
  log_group_prefixes = ["/snowmelt-test/"]
  alarm_prefix       = "snowmelt-test-"
}

run "name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "Snowmelt_Dev"
  }
}

run "log_group" {
  command         = plan
  expect_failures = [var.log_group_prefixes]

  variables {
    log_group_prefixes = ["snowmelt"]
  }
}

run "no_log_group" {
  command         = plan
  expect_failures = [var.log_group_prefixes]

  variables {
    log_group_prefixes = []
  }
}

run "alarm_prefix" {
  command         = plan
  expect_failures = [var.alarm_prefix]

  variables {
    alarm_prefix = ""
  }
}

run "window" {
  command         = plan
  expect_failures = [var.deletion_window_days]

  variables {
    deletion_window_days = 5
  }
}
