# A machine that is to go waits until what it spilled is sent on.

locals {
  hook = "${local.full_name}-drain"

  drain_files = var.drain == null ? {} : {
    "/etc/snowmelt/drain.env" = {
      mode = "0644"
      content = join("", [for name, value in {
        SPILL     = var.drain.folder
        PATIENCE  = var.drain.patience_seconds
        STAGE     = var.stage
        NAMESPACE = var.name
        GROUP     = local.full_name
        HOOK      = local.hook
        REGION    = local.region
      } : "${name}=${value}\n"])
    }
    "/etc/systemd/system/snowmelt-drain.service" = {
      mode    = "0644"
      content = "[Unit]\nDescription=Spill of ${local.full_name}\n\n[Service]\nType=oneshot\nExecStart=/usr/local/lib/snowmelt/drain.sh\n"
    }
    "/etc/systemd/system/snowmelt-drain.timer" = {
      mode    = "0644"
      content = "[Unit]\nDescription=Spill of ${local.full_name}, each minute\n\n[Timer]\nOnBootSec=60\nOnUnitActiveSec=60\nAccuracySec=1\n\n[Install]\nWantedBy=timers.target\n"
    }
  }
}

resource "aws_autoscaling_lifecycle_hook" "drain" {
  count = var.drain == null ? 0 : 1

  name                   = local.hook
  autoscaling_group_name = aws_autoscaling_group.this.name
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_TERMINATING"
  heartbeat_timeout      = 300 # the machine beats each minute; one that died is not waited for long
  default_result         = "CONTINUE"
}
