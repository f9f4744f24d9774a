# One metric a log group. Term filters match case, so the pattern finds the word that loggers write and no other.

resource "aws_cloudwatch_log_metric_filter" "error" {
  for_each = var.log_groups

  name           = "${var.name}-error-${each.key}"
  log_group_name = each.value
  pattern        = "ERROR"

  metric_transformation {
    namespace     = var.name
    name          = "Errors-${each.key}"
    value         = "1"
    default_value = "0"
  }
}
