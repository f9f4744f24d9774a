variable "loads" {
  description = "The queue that tells of finished run folders."
  type        = object({ arn = string, url = string })
  nullable    = false
}

variable "lake" {
  description = "The lake's bucket, which its tasks read."
  type        = object({ name = string, arn = string })
  nullable    = false
}

variable "topic_arn" {
  description = "The topic by which failures of tasks are told."
  type        = string
  nullable    = false
}
