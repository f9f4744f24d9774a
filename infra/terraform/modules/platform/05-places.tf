# The names that a stage's settings may hold, and what each stage runs when nobody says otherwise.

data "aws_region" "current" {}

locals {
  places = {
    region            = data.aws_region.current.region
    raw               = module.stream.stream_names["raw"]
    enriched          = module.stream.stream_names["enriched"]
    bad               = module.stream.stream_names["bad"]
    leases            = module.stream.table_names["runs"]
    lake              = module.lake.bucket_name
    loads             = module.loads.queue_url
    collector_url     = "https://${var.edge.collector_host}"
    iglu_url          = "https://${var.edge.iglu_host}"
    database_host     = module.database["iglu"].address
    database_port     = tostring(module.database["iglu"].port)
    database_name     = module.database["iglu"].database
    database_username = module.database["iglu"].username
  }

  enrichments = "${path.module}/../../../../include/enrichments"

  # Our registry first, then the public one.
  resolver = jsonencode({
    schema = "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3"
    data = {
      cacheSize = 500
      cacheTtl  = 60
      repositories = [
        { name = "own registry", priority = 0, vendorPrefixes = [], connection = { http = { uri = "$${iglu_url}/api" } } },
        { name = "Iglu Central", priority = 10, vendorPrefixes = ["com.snowplowanalytics"], connection = { http = { uri = "https://iglucentral.com" } } },
      ]
    }
  })

  # snowmelt's own applications. Another image brings its own command and environment.
  usual = {
    collector = {
      command = ["snowmelt", "collector"]
      environment = {
        SNOWMELT_HOME                              = "/data"
        SNOWMELT_COLLECTOR_METRICS__INTERFACE      = "0.0.0.0"
        SNOWMELT_COLLECTOR_COOKIE__DOMAINS         = jsonencode([join(".", slice(split(".", var.edge.collector_host), 1, length(split(".", var.edge.collector_host))))])
        SNOWMELT_COLLECTOR_STREAMS__LOG__RETENTION = "7 days"
      }
    }
    iglu = {
      command = ["snowmelt", "iglu"]
      environment = {
        SNOWMELT_HOME                    = "/tmp/snowmelt"
        SNOWMELT_IGLU_REPO_SERVER__PORT  = "8080"
        SNOWMELT_IGLU_DATABASE__TYPE     = "postgres"
        SNOWMELT_IGLU_DATABASE__HOST     = "$${database_host}"
        SNOWMELT_IGLU_DATABASE__PORT     = "$${database_port}"
        SNOWMELT_IGLU_DATABASE__DBNAME   = "$${database_name}"
        SNOWMELT_IGLU_DATABASE__USERNAME = "$${database_username}"
      }
    }
    page = {
      command = ["snowmelt", "page", "--dist", "/opt/snowmelt/page"] # built into the image by scripts/build_page.sh
      environment = {
        SNOWMELT_HOME            = "/tmp/snowmelt"
        SNOWMELT_PAGE_PORT       = "8080"
        SNOWMELT_PAGE_HOSTS      = jsonencode(compact([var.edge.page_host]))
        SNOWMELT_PAGE_COLLECTORS = jsonencode(["https://${var.edge.collector_host}"])
      }
    }
    enrich = {
      command = ["snowmelt", "enrich", "--iglu-config", "/etc/snowmelt/resolver.json", "--enrichments", "/etc/snowmelt/enrichments"]
      environment = {
        SNOWMELT_HOME = "/data"
      }
      files = merge(
        { "/etc/snowmelt/resolver.json" = local.resolver },
        { for file in fileset(local.enrichments, "*.json") : "/etc/snowmelt/enrichments/${file}" => file("${local.enrichments}/${file}") },
      )
    }
  }

  # The caller's word first, then ours; then the names in it are replaced.
  said = { for key, stage in var.stages : key => {
    environment = coalesce(stage.environment, try(local.usual[key].environment, {}))
    files       = merge(try(local.usual[key].files, {}), stage.files)
  } }
  environments = { for key, said in local.said : key => {
    for name in keys(said.environment) : name => templatestring(local.said[key].environment[name], local.places)
  } }
  stage = { for key, stage in var.stages : key => {
    instance = { type = stage.instance_type }
    capacity = { min = stage.min, max = stage.max, desired = stage.min }
    files    = { for path in keys(local.said[key].files) : path => { content = templatestring(local.said[key].files[path], local.places) } }
    container = {
      image       = stage.image
      command     = coalesce(stage.command, try(local.usual[key].command, []))
      environment = local.environments[key]
      memory_mib  = stage.memory_mib
    }
  } }
}
