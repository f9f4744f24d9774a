"""Networks, load balancers, names and certificates: rules about single arguments, each with its source."""

from tests.doubles.terraform.rules import checks
from tests.doubles.terraform.rules.rule import Rule

_ELB_NAME = r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"

RULES: tuple[Rule, ...] = (
    Rule("aws_vpc aws_subnet", "cidr_block", checks.vpc_cidr, "EC2 CreateVpc, CreateSubnet"),
    Rule(
        "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
        "cidr_ipv4",
        checks.cidr,
        "EC2 AuthorizeSecurityGroupIngress",
    ),
    Rule(
        "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
        "ip_protocol",
        checks.name(10, r"-1|tcp|udp|icmp|icmpv6|\d{1,3}"),
        "EC2 AuthorizeSecurityGroupIngress",
    ),
    Rule(
        "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
        "from_port",
        checks.between(-1, 65535),
        "provider",
    ),
    Rule(
        "aws_vpc_security_group_ingress_rule aws_vpc_security_group_egress_rule",
        "to_port",
        checks.between(-1, 65535),
        "provider",
    ),
    Rule("aws_route", "destination_cidr_block", checks.cidr, "EC2 CreateRoute"),
    Rule("aws_security_group", "name", checks.name(255, r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]+"), "CreateSecurityGroup"),
    Rule("aws_security_group", "name_prefix", checks.name(229, r"(?!sg-).+"), "provider: leaves room for 26 digits"),
    Rule(
        "aws_vpc_endpoint",
        "vpc_endpoint_type",
        checks.one_of("Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
        "EC2 CreateVpcEndpoint",
    ),
    Rule("aws_vpc_endpoint", "service_name", checks.name(256, r"(com|aws|cn)\.[\w.-]+"), "EC2 CreateVpcEndpoint"),
    Rule("aws_lb aws_lb_target_group", "name", checks.name(32, _ELB_NAME), "ELB CreateLoadBalancer, CreateTargetGroup"),
    Rule("aws_lb aws_lb_target_group", "name_prefix", checks.name(6, r"[A-Za-z0-9-]+"), "provider: 6 of 32 characters"),
    Rule("aws_lb", "load_balancer_type", checks.one_of("application", "network", "gateway"), "ELB CreateLoadBalancer"),
    Rule("aws_lb", "idle_timeout", checks.between(1, 4000), "ELB: idle_timeout.timeout_seconds"),
    Rule(
        "aws_lb_target_group",
        "protocol",
        checks.one_of("HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"),
        "ELB CreateTargetGroup",
    ),
    Rule("aws_lb_target_group", "port", checks.between(1, 65535), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "target_type", checks.one_of("instance", "ip", "lambda", "alb"), "CreateTargetGroup"),
    Rule("aws_lb_target_group", "deregistration_delay", lambda v: checks.between(0, 3600)(int(v)), "ELB attributes"),
    Rule("aws_lb_target_group", "health_check.interval", checks.between(5, 300), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "health_check.timeout", checks.between(2, 120), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "health_check.healthy_threshold", checks.between(2, 10), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "health_check.unhealthy_threshold", checks.between(2, 10), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "health_check.path", checks.name(1024, r"/.*"), "ELB CreateTargetGroup"),
    Rule("aws_lb_target_group", "health_check.protocol", checks.one_of("HTTP", "HTTPS", "TCP"), "CreateTargetGroup"),
    Rule(
        "aws_lb_listener",
        "protocol",
        checks.one_of("HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"),
        "ELB CreateListener",
    ),
    Rule("aws_lb_listener", "port", checks.between(1, 65535), "ELB CreateListener"),
    Rule("aws_lb_listener", "ssl_policy", checks.name(128, r"ELBSecurityPolicy-[\w-]+"), "ELB CreateListener"),
    Rule("aws_lb_listener", "certificate_arn", checks.arn(), "provider: ARN"),
    Rule("aws_lb_listener", "certificate_arn", checks.arn("acm", "iam"), "ELB CreateListener", at_apply=True),
    Rule(
        "aws_lb_listener",
        "default_action.type",
        checks.one_of("forward", "redirect", "fixed-response", "authenticate-oidc", "authenticate-cognito"),
        "ELB CreateListener",
    ),
    Rule(
        "aws_lb_listener_rule",
        "action.type",
        checks.one_of("forward", "redirect", "fixed-response", "authenticate-oidc", "authenticate-cognito"),
        "ELB CreateRule",
    ),
    Rule(
        "aws_lb_listener",
        "default_action.redirect.status_code",
        checks.one_of("HTTP_301", "HTTP_302"),
        "CreateListener",
    ),
    Rule("aws_lb_listener_rule", "priority", checks.between(1, 50000), "ELB CreateRule"),
    Rule("aws_acm_certificate", "validation_method", checks.one_of("DNS", "EMAIL", "NONE"), "ACM RequestCertificate"),
    Rule(
        "aws_route53_record",
        "type",
        checks.name(10, r"A|AAAA|CAA|CNAME|DS|HTTPS|MX|NAPTR|NS|PTR|SOA|SPF|SRV|SSHFP|SVCB|TLSA|TXT"),
        "Route 53",
    ),
)
