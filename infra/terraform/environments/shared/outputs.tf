output "platform" {
  description = "What was made, and how to reach it."
  value       = module.platform
}
