# A VPC whose machines have no public address: public subnets hold the load balancer and the NAT, nothing else.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}
