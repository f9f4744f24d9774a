data "aws_region" "current" {}

module "service" {
  source = "../service"

  name                     = var.name
  stage                    = "prometheus"
  vpc_id                   = var.vpc_id
  subnet_ids               = var.subnet_ids
  kms_key_arn              = var.kms_key_arn
  instance                 = { type = var.instance_type }
  capacity                 = { min = 1, max = 1, desired = 1 }
  data_volume              = { gib = var.volume_gib, mount = "/data", owner = "65534:65534" } # the image's user
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = var.permissions_boundary_arn

  containers = {
    prometheus = {
      image = var.image
      command = [
        "--config.file=/etc/snowmelt/prometheus.yml",
        "--storage.tsdb.path=/data",
        "--storage.tsdb.retention.time=${var.retention}",
        "--web.listen-address=127.0.0.1:9090",
      ]
    }
  }

  files = {
    "/etc/snowmelt/prometheus.yml" = { content = templatefile("${path.module}/templates/prometheus.yml.tftpl", {
      name         = var.name
      region       = data.aws_region.current.region
      remote_write = var.remote_write == null ? "" : var.remote_write.url
    }) }
    "/etc/snowmelt/rules.yml" = { content = file("${path.module}/files/rules.yml") }
  }

  permissions = merge(
    {
      # Finding machines by their tag: these actions know no resource.
      FindMachines = { actions = ["ec2:DescribeAvailabilityZones", "ec2:DescribeInstances"], resources = ["*"] }
    },
    var.remote_write == null ? {} : {
      RemoteWrite = { actions = ["aps:RemoteWrite"], resources = [var.remote_write.workspace_arn] }
    },
  )
}
