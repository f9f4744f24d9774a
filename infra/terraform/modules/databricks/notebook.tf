# The notebook of the laptop, in Databricks' own notation: cells are parted by a line, and text is commented out by MAGIC.

locals {
  source = file(coalesce(var.notebook, "${path.module}/../../../../include/notebooks/dashboard.py"))

  # What stands before the first cell is for editors of scripts.
  cells = slice(split("\n# %%", local.source), 1, length(split("\n# %%", local.source)))
  texts = [for cell in local.cells : startswith(cell, " [markdown]") ?
    join("\n", concat(["# MAGIC %md"], [for line in split("\n", trimspace(trimprefix(cell, " [markdown]"))) : "# MAGIC ${trimprefix(trimprefix(line, "#"), " ")}"])) :
    trimspace(join("\n", slice(split("\n", cell), 1, length(split("\n", cell)))))
  ]
  commands = join("\n\n# COMMAND ----------\n\n", [for text in local.texts : replace(text, "/(?m)^database = \"snowmelt\"/", "database = \"${var.catalog}\"")])
}

# Not in /Shared: everybody may edit there, and the job runs it as the principal.
resource "databricks_directory" "this" {
  path = "/${var.name}"
}

resource "databricks_notebook" "dashboard" {
  path           = "${databricks_directory.this.path}/dashboard"
  language       = "PYTHON"
  content_base64 = base64encode("# Databricks notebook source\n${local.commands}\n")
}

resource "databricks_permissions" "directory" {
  directory_path = databricks_directory.this.path

  access_control {
    service_principal_name = databricks_service_principal.pipeline.application_id
    permission_level       = "CAN_RUN"
  }

  dynamic "access_control" {
    for_each = local.readers
    content {
      group_name       = access_control.value
      permission_level = "CAN_READ"
    }
  }
}

resource "databricks_job" "refresh_dashboard" {
  name                = "${var.name}-refresh-dashboard"
  description         = "Draws the dashboard's notebook again, as the principal that built its tables."
  max_concurrent_runs = 1
  timeout_seconds     = 1800

  task {
    task_key = "render"

    notebook_task {
      notebook_path = databricks_notebook.dashboard.path
    }
  }

  queue {
    enabled = true
  }

  run_as {
    service_principal_name = databricks_service_principal.pipeline.application_id
  }

  dynamic "schedule" {
    for_each = var.refresh_cron == null ? {} : { utc = var.refresh_cron }
    content {
      quartz_cron_expression = schedule.value
      timezone_id            = "UTC"
    }
  }

  depends_on = [databricks_permissions.directory]
}

resource "databricks_permissions" "job" {
  job_id = databricks_job.refresh_dashboard.id

  access_control {
    service_principal_name = databricks_service_principal.pipeline.application_id
    permission_level       = "CAN_MANAGE_RUN"
  }

  dynamic "access_control" {
    for_each = local.readers
    content {
      group_name       = access_control.value
      permission_level = "CAN_VIEW"
    }
  }
}
