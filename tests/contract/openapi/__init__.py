"""Judging traffic with Xero by Xero's own OpenAPI descriptions."""
