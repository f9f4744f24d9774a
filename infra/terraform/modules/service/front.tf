# Nginx from the project's own templates, as on a laptop, with a certificate that each machine makes for itself. The load
# balancer does not check it; the hop is encrypted all the same.

locals {
  nginx       = "${path.module}/../../../nginx"
  web         = "${path.module}/../../../../web"
  certificate = "/etc/nginx/tls/server.crt"
  key         = "/etc/nginx/tls/server.key"
  pages       = "/usr/share/snowmelt/web"

  console_location = try(var.front.console, false) ? templatefile("${local.nginx}/console.conf.template", {
    name = var.front.site
    web  = local.pages
  }) : ""

  console_files = try(var.front.console, false) ? {
    "${local.pages}/style.css"                            = file("${local.web}/style.css")
    "${local.pages}/console/console.css"                  = file("${local.web}/console/console.css")
    "${local.pages}/console/${var.front.site}/console.js" = file("${local.web}/console/${var.front.site}/console.js")
    "${local.pages}/console/${var.front.site}/index.html" = file("${local.web}/console/${var.front.site}/index.html")
  } : {}

  front_files = var.front == null ? {} : merge(
    {
      "/etc/nginx/nginx.conf" = {
        mode = "0644"
        content = templatefile("${local.nginx}/nginx.conf.template", {
          folder    = "/var/lib/nginx/snowmelt"
          user      = "user nginx;"
          error_log = "/var/log/nginx/error.log notice"
        })
      }
      # Amazon Linux' unit waits for a pid elsewhere, and would take Nginx away when it does not come.
      "/etc/systemd/system/nginx.service.d/snowmelt.conf" = {
        mode    = "0644"
        content = "[Service]\nPIDFile=/var/lib/nginx/snowmelt/nginx.pid\n"
      }
      "/var/lib/nginx/snowmelt/sites/${var.front.site}.conf" = {
        mode = "0644"
        content = templatefile("${local.nginx}/site.conf.template", {
          name             = var.front.site
          upstream         = var.front.upstream
          health           = var.front.health
          interface        = "0.0.0.0"
          plain_port       = 80
          tls_port         = 443
          public_port      = ""
          certificate      = local.certificate
          key              = local.key
          body_limit       = var.front.body_limit
          header_buffers   = var.front.header_buffers
          read_timeout     = var.front.read_timeout
          idle_timeout     = var.front.idle_timeout
          upstream_timeout = var.front.upstream_timeout
          locations        = indent(4, local.console_location)
        })
      }
    },
    { for path, text in local.console_files : path => { content = text, mode = "0644" } },
  )

  front_commands = var.front == null ? [] : [
    ["mkdir", "-p", "/var/lib/nginx/snowmelt/temporary", dirname(local.key)],
    ["chown", "-R", "nginx:nginx", "/var/lib/nginx/snowmelt"],
    ["sh", "-c", join(" ", [
      "umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes",
      "-days ${var.front.certificate_days} -subj /CN=$(hostname -s)",
      "-keyout ${local.key} -out ${local.certificate}",
    ])],
  ]
}
