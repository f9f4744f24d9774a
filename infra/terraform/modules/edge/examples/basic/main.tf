# Collector and registry behind one load balancer, with a certificate made in a zone.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "edge" {
  source = "../.."

  name              = "snowmelt-example"
  vpc_id            = "vpc-0123456789abcdef0"
  public_subnet_ids = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  services          = { collector = { host = "collector.example.com", priority = 10, health_path = "/health" }, iglu = { host = "iglu.example.com", priority = 20, health_path = "/api/meta/health" } }
  zone_id           = "Z0123456789ABCDEFGHIJ"
}

output "urls" {
  description = "As the module gives it."
  value       = module.edge.urls
}
