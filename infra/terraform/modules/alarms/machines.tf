# Machines and what their applications log.

locals {
  machine_alarms = merge(
    { for stage, group in var.log_groups : "error-log-${stage}" => {
      description = "${stage} logged an error. Read ${group} around this time."
      namespace   = var.name
      metric      = aws_cloudwatch_log_metric_filter.error[stage].metric_transformation[0].name
      dimensions  = {}
      statistic   = "Sum"
      seconds     = 300
      periods     = 1
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.error_lines
    } },
    { for stage, group in var.autoscaling_groups : "high-cpu-${stage}" => {
      description = "${stage} has been busy for a quarter of an hour. Raise its max or its instance type."
      namespace   = "AWS/EC2"
      metric      = "CPUUtilization"
      dimensions  = { AutoScalingGroupName = group }
      statistic   = "Average"
      seconds     = 300
      periods     = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.high_cpu_percent
    } },
    { for stage, group in var.autoscaling_groups : "low-cpu-${stage}" => {
      description = "${stage} has been idle for half an hour. Look whether anything arrives; if so, it is too large."
      namespace   = "AWS/EC2"
      metric      = "CPUUtilization"
      dimensions  = { AutoScalingGroupName = group }
      statistic   = "Average"
      seconds     = 300
      periods     = 6
      operator    = "LessThanThreshold"
      threshold   = local.thresholds.low_cpu_percent
      missing     = "breaching" # a group without machines says nothing, and that is worse than idle
    } },
    { for stage, group in var.autoscaling_groups : "status-check-${stage}" => {
      description = "A machine of ${stage} fails AWS's own checks. Auto Scaling replaces it; look if it does not."
      namespace   = "AWS/EC2"
      metric      = "StatusCheckFailed"
      dimensions  = { AutoScalingGroupName = group }
      statistic   = "Maximum"
      seconds     = 60
      periods     = 2
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.failed_status_checks
    } },
    { for stage, spill in var.spills : "spill-age-${stage}" => {
      description = "What ${stage} spilled to disk waits too long. Look whether its stream is throttled or out of reach."
      namespace   = var.name
      metric      = "SpillAgeSeconds"
      dimensions  = { Stage = stage }
      statistic   = "Maximum"
      seconds     = 60
      periods     = 2
      operator    = "GreaterThanThreshold"
      threshold   = spill.max_age_seconds
      missing     = "breaching" # each machine reports each minute, 0 too: silence means that nobody looks after the spill
    } },
  )
}
