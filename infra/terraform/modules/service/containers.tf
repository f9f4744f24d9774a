# Each container is one systemd unit, which starts it anew whenever it ends.

locals {
  unit = { for key, container in var.containers : key => templatefile("${path.module}/templates/container.service.tftpl", {
    name    = "${local.full_name}-${key}"
    key     = key
    image   = container.image
    mount   = var.data_volume == null ? "" : var.data_volume.mount
    before  = [for command in container.before : join(" ", [for word in concat(local.docker[key], [container.image], command) : local.quoted[word]])]
    command = join(" ", [for word in concat(["--name", "${local.full_name}-${key}"], local.log[key], local.docker[key], [container.image], container.command) : local.quoted[word]])
  }) }

  docker = { for key, container in var.containers : key => concat(
    ["--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ["--env-file", "/etc/snowmelt/env/${key}.env", "--env-file", "/run/snowmelt/${key}.env"],
    length(var.files) == 0 ? [] : ["--volume", "/etc/snowmelt:/etc/snowmelt:ro"],
    var.data_volume == null ? [] : ["--volume", "${var.data_volume.mount}:${var.data_volume.mount}"],
    container.memory_mib == null ? [] : ["--memory", "${container.memory_mib}m"],
    container.user == null ? [] : ["--user", container.user],
  ) }

  # Non-blocking, because otherwise an application stands still when CloudWatch does.
  log = { for key in keys(var.containers) : key => [
    "--log-driver", "awslogs",
    "--log-opt", "awslogs-region=${local.region}",
    "--log-opt", "awslogs-group=${aws_cloudwatch_log_group.this.name}",
    "--log-opt", "mode=non-blocking",
    "--log-opt", "max-buffer-size=16m",
    "--log-opt", "tag=${key}/{{.ID}}",
  ] }

  # As systemd reads a word: between quotes, its own signs doubled.
  words  = distinct(flatten([for key, container in var.containers : concat(["--name", "${local.full_name}-${key}", container.image], local.log[key], local.docker[key], container.command, flatten(container.before))]))
  quoted = { for word in local.words : word => "\"${replace(replace(replace(replace(word, "\\", "\\\\"), "\"", "\\\""), "%", "%%"), "$", "$$")}\"" }

  environment = { for key, container in var.containers : key => join("", [for name, value in container.environment : "${name}=${value}\n"]) }
  secret_list = { for key, container in var.containers : key => join("", [for name, arn in container.secrets : "${name} ${arn}\n"]) }
}
