variable "actions" {
  description = "What is denied: all that the resource's policy can speak of, such as [\"sqs:*\"]."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.actions) > 0 && alltrue([for action in var.actions : can(regex("^[a-z0-9]+:", action))])
    error_message = "actions: at least one, with its service, such as [\"sqs:*\"]."
  }
}

variable "resources" {
  description = "ARNs that the policy is about."
  type        = list(string)
  nullable    = false
}

variable "documents" {
  description = "Further policy documents, as JSON, whose statements are added."
  type        = list(string)
  default     = []
  nullable    = false
}
