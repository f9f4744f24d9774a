# The load balancer. The last alarm guards the hop to the self-signed certificates.

locals {
  edge_dimensions = var.load_balancer == null ? {} : { LoadBalancer = var.load_balancer.arn_suffix }
  target_groups   = var.load_balancer == null ? {} : var.load_balancer.target_groups

  edge_alarms = merge(
    var.load_balancer == null ? {} : { "edge-5xx" = {
      description = "The load balancer itself answers 5xx: no target takes the request in time. Look at unhealthy hosts, then at their logs."
      namespace   = "AWS/ApplicationELB"
      metric      = "HTTPCode_ELB_5XX_Count"
      dimensions  = local.edge_dimensions
      statistic   = "Sum"
      seconds     = 60
      periods     = 5
      datapoints  = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.edge_errors
    } },
    { for stage, suffix in local.target_groups : "target-5xx-${stage}" => {
      description = "${stage} answers 5xx. Trackers send again; read its log."
      namespace   = "AWS/ApplicationELB"
      metric      = "HTTPCode_Target_5XX_Count"
      dimensions  = merge(local.edge_dimensions, { TargetGroup = suffix })
      statistic   = "Sum"
      seconds     = 60
      periods     = 5
      datapoints  = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.target_errors
    } },
    { for stage, suffix in local.target_groups : "unhealthy-hosts-${stage}" => {
      description = "A machine of ${stage} fails its health check. Auto Scaling replaces it; read its log if it comes back."
      namespace   = "AWS/ApplicationELB"
      metric      = "UnHealthyHostCount"
      dimensions  = merge(local.edge_dimensions, { TargetGroup = suffix })
      statistic   = "Maximum"
      seconds     = 60
      periods     = 5
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.unhealthy_hosts
    } },
    { for stage, suffix in local.target_groups : "target-tls-${stage}" => {
      description = "The load balancer cannot speak TLS with ${stage}: its certificate is gone or expired. Refresh its instances."
      namespace   = "AWS/ApplicationELB"
      metric      = "TargetTLSNegotiationErrorCount"
      dimensions  = merge(local.edge_dimensions, { TargetGroup = suffix })
      statistic   = "Sum"
      seconds     = 60
      periods     = 5
      datapoints  = 3
      operator    = "GreaterThanThreshold"
      threshold   = local.thresholds.tls_errors
    } },
  )
}
