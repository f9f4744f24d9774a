resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-${var.database}"
  subnet_ids = var.subnet_ids
}

# Without rules of its own: each service that uses the database adds the one that lets it in.
resource "aws_security_group" "this" {
  name_prefix = "${var.name}-${var.database}-db-"
  description = "PostgreSQL ${var.database}: only from the services that use it"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}
