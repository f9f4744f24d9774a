# What cloud-init does on a new machine. The text holds no secret: who may describe the machine can read it.

locals {
  full_name = "${var.name}-${var.stage}"

  packages = concat(["docker"], var.front == null ? [] : ["nginx", "openssl"])

  scripts = { for script in ["secrets.sh", "pull.sh", "volume.sh", "drain.sh"] :
    "/usr/local/lib/snowmelt/${script}" => { content = file("${path.module}/files/${script}"), mode = "0755" }
  }

  written = merge(
    local.scripts,
    var.files,
    { for key, text in local.environment : "/etc/snowmelt/env/${key}.env" => { content = text, mode = "0644" } },
    { for key, text in local.secret_list : "/etc/snowmelt/secrets/${key}" => { content = text, mode = "0644" } },
    { for key, text in local.unit : "/etc/systemd/system/snowmelt-${key}.service" => { content = text, mode = "0644" } },
    local.front_files,
    local.drain_files,
  )

  commands = concat(
    var.data_volume == null ? [] : [["/usr/local/lib/snowmelt/volume.sh", local.device, var.data_volume.mount, var.data_volume.owner]],
    local.front_commands,
    [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "docker"]],
    var.front == null ? [] : [["systemctl", "enable", "--now", "nginx"]],
    # Not waited for: the units come after cloud-init itself, and their first start fetches an image.
    [for key in keys(var.containers) : ["systemctl", "enable", "snowmelt-${key}"]],
    [for key in keys(var.containers) : ["systemctl", "start", "--no-block", "snowmelt-${key}"]],
    var.drain == null ? [] : [["systemctl", "enable", "--now", "snowmelt-drain.timer"]],
  )

  cloud_config = {
    package_update = true
    packages       = local.packages
    write_files = [for path in sort(keys(local.written)) : {
      path        = path
      permissions = local.written[path].mode
      content     = local.written[path].content
    }]
    runcmd = local.commands
  }

  user_data = "#cloud-config\n${yamlencode(local.cloud_config)}"
}
