locals {
  catalogue = merge(
    local.machine_alarms, local.stream_alarms, local.queue_alarms, local.storage_alarms, local.edge_alarms, local.topic_alarms,
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.catalogue

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = try(each.value.datapoints, null)
  treat_missing_data  = try(each.value.missing, "notBreaching") # most metrics come only when something happens
  alarm_actions       = [try(each.value.topic_arn, var.topic_arn)]
  ok_actions          = [try(each.value.topic_arn, var.topic_arn)]

  # One metric, or several and a formula over them.
  namespace   = try(each.value.formula, null) == null ? each.value.namespace : null
  metric_name = try(each.value.formula, null) == null ? each.value.metric : null
  statistic   = try(each.value.formula, null) == null ? each.value.statistic : null
  period      = try(each.value.formula, null) == null ? each.value.seconds : null
  dimensions  = try(each.value.formula, null) == null ? each.value.dimensions : null

  dynamic "metric_query" {
    for_each = try(each.value.formula, null) == null ? {} : each.value.metrics
    content {
      id = metric_query.key

      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value
        stat        = each.value.statistic
        period      = each.value.seconds
        dimensions  = each.value.dimensions
      }
    }
  }
  dynamic "metric_query" {
    for_each = try(each.value.formula, null) == null ? {} : { result = each.value.formula }
    content {
      id          = metric_query.key
      expression  = metric_query.value
      label       = each.key
      return_data = true
    }
  }
}
