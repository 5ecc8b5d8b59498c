"""What this project depends on: locked, licensed, checked for known vulnerabilities."""
