locals {
  # Graviton types have a g behind their generation: t4g, c7g, m7gd.
  architecture = can(regex("^[a-z]+[0-9]+g[a-z]*\\.", var.instance.type)) ? "arm64" : "x86_64"
  device       = "/dev/sdf" # Amazon Linux links this name to the NVMe device
  tags         = merge({ Name = local.full_name, Stage = var.stage }, var.scraped_by == null ? {} : { "snowmelt:scrape" = "8125" })
}

data "aws_ssm_parameter" "image" {
  count = var.instance.ami_id == null ? 1 : 0

  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${local.architecture}"
}

resource "aws_launch_template" "this" {
  name                   = local.full_name
  description            = "Machines of ${local.full_name}"
  image_id               = var.instance.ami_id == null ? nonsensitive(data.aws_ssm_parameter.image[0].value) : var.instance.ami_id
  instance_type          = var.instance.type
  user_data              = base64gzip(local.user_data)
  update_default_version = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1 # containers share the host's network
  }
  network_interfaces {
    associate_public_ip_address = false
    security_groups             = [aws_security_group.this.id]
  }
  monitoring {
    enabled = true
  }
  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.instance.root_gib
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      delete_on_termination = true
    }
  }

  # Kept when its machine goes, and found again by its tags: what lies on it was acknowledged.
  dynamic "block_device_mappings" {
    for_each = var.data_volume == null ? {} : { data = var.data_volume }
    content {
      device_name = local.device

      ebs {
        volume_type           = "gp3"
        volume_size           = block_device_mappings.value.gib
        iops                  = block_device_mappings.value.iops
        throughput            = block_device_mappings.value.throughput
        encrypted             = true
        kms_key_id            = var.kms_key_arn
        delete_on_termination = false
      }
    }
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])
    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }

  lifecycle {
    precondition {
      condition     = length(base64gzip(local.user_data)) * 3 / 4 <= 16384
      error_message = "files: user data of ${local.full_name} is larger than the 16 KiB that EC2 takes, even packed. Put large files into the image."
    }
  }
}

resource "aws_autoscaling_group" "this" {
  name                      = local.full_name
  min_size                  = var.capacity.min
  max_size                  = var.capacity.max
  desired_capacity          = var.capacity.desired
  vpc_zone_identifier       = var.subnet_ids
  target_group_arns         = var.edge == null ? [] : [var.edge.target_group_arn]
  health_check_type         = var.edge == null ? "EC2" : "ELB"
  health_check_grace_period = 600 # packages, image, first start

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 200
      auto_rollback          = true
      instance_warmup        = 300
    }
  }

  dynamic "tag" {
    for_each = local.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity] # Auto Scaling's to say after the first time
  }
}
