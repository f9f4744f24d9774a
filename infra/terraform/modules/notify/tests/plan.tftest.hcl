# What is planned.

mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  name        = "snowmelt-test"
  kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  emails      = { ops = "ops@example.com", data = "data@example.com" }
}

run "two_topics" {
  command = plan

  assert {
    condition     = alltrue([for topic in aws_sns_topic.this : topic.kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"])
    error_message = "on the key"
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 4
    error_message = "each address on each topic"
  }

  assert {
    condition     = strcontains(output.pending, "ops@example.com")
    error_message = "says who has to confirm"
  }
}
