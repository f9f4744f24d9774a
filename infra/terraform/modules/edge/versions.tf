# The one shared load balancer: it redirects 80, ends TLS on 443, and knows its services by host name.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
