# What an alarm tolerates when nobody says otherwise. Most alarms go off above their threshold; success, idleness and what is
# free count below it.

locals {
  usual = {
    error_lines          = 0 # in five minutes
    high_cpu_percent     = 80
    low_cpu_percent      = 3
    failed_status_checks = 0

    kinesis_success_share   = 0.95 # of the calls
    failed_records_percent  = 1
    throttled_records       = 0 # in five minutes
    iterator_age_seconds    = 300
    spent_retention_percent = 50 # how much of what the stream keeps its reader may be behind

    queue_age_rounds     = 2 # in rounds of loading
    queue_visible        = 1000
    queue_in_flight      = 108000 # 90 % of what a FIFO queue hands out at once
    dead_letters         = 0
    failed_notifications = 0

    s3_client_error_percent = 5
    s3_server_error_percent = 1
    db_cpu_percent          = 80
    db_free_storage_percent = 10
    db_free_memory_mib      = 128
    db_connections_percent  = 80

    edge_errors     = 0 # a minute, as the next three
    target_errors   = 0
    unhealthy_hosts = 0
    tls_errors      = 0
  }

  thresholds = merge(local.usual, var.thresholds)
}
