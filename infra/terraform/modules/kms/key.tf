resource "aws_kms_key" "this" {
  description             = "Everything of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy                  = data.aws_iam_policy_document.key.json

  depends_on = [aws_iam_service_linked_role.autoscaling] # KMS refuses a policy that names a role that is not there
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_iam_service_linked_role" "autoscaling" {
  count = var.create_autoscaling_role ? 1 : 0

  aws_service_name = "autoscaling.amazonaws.com"
}
