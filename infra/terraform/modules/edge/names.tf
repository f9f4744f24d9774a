# Certificate and records, where a zone is named.

locals {
  hosts = sort([for service in values(var.services) : service.host])
  zoned = var.zone_id == null ? {} : var.services
}

resource "aws_acm_certificate" "this" {
  count = var.zone_id == null ? 0 : 1

  domain_name               = local.hosts[0]
  subject_alternative_names = slice(local.hosts, 1, length(local.hosts))
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true # the listener has one at any time
  }
}

resource "aws_route53_record" "validation" {
  for_each = local.zoned

  zone_id         = var.zone_id
  allow_overwrite = true
  name            = one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_name if option.domain_name == each.value.host])
  type            = one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_type if option.domain_name == each.value.host])
  records         = [one([for option in aws_acm_certificate.this[0].domain_validation_options : option.resource_record_value if option.domain_name == each.value.host])]
  ttl             = 60
}

resource "aws_acm_certificate_validation" "this" {
  count = var.zone_id == null ? 0 : 1

  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_route53_record" "host" {
  for_each = local.zoned

  zone_id = var.zone_id
  name    = each.value.host
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
