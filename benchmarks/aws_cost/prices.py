"""List prices in US dollars, and what is assumed where nothing can be measured.

us-east-1, without free tiers, discounts and taxes. Looked up on 22 November 2026 in
stored copies, of different age, of pages that quote AWS's (docs/scale.md names them):
look again before you rely on one. Other regions cost more.
"""

from __future__ import annotations

PRICES = {
    # https://aws.amazon.com/api-gateway/pricing/ (HTTP APIs, first 300 million)
    "api request": 1.00e-6,
    # https://aws.amazon.com/lambda/pricing/ (x86)
    "invocation": 0.20e-6,
    "GB-second": 1.66667e-5,
    # https://aws.amazon.com/dynamodb/pricing/on-demand/ (since November 2024)
    "read unit": 0.125e-6,
    "write unit": 0.625e-6,
    # https://aws.amazon.com/sqs/pricing/ (64 kB each)
    "queue request": 0.40e-6,
    "FIFO queue request": 0.50e-6,
    # https://aws.amazon.com/kms/pricing/
    "key": 1.00,
    "key request": 3.0e-6,
    # https://aws.amazon.com/s3/pricing/ (Standard; a GB for a month)
    "put": 5.0e-6,
    "get": 0.4e-6,
    "GB stored": 0.023,
    # https://aws.amazon.com/cloudwatch/pricing/ (a month each)
    "GB of logs": 0.50,
    "metric": 0.30,
    "alarm": 0.10,
    "dashboard": 3.00,
    # https://aws.amazon.com/ec2/pricing/on-demand/ (data transfer out)
    "GB sent": 0.09,
}
"""Dollars for one of each."""

SECONDS_A_CALL = 0.008
"""Of a function that waits for one call of AWS. Not measured: moto is no AWS."""
SECONDS_AN_INVOCATION = 0.010
SECONDS_OF_XERO = 1.0
"""For a page of 1,000 records, or a write. Not measured either."""
PLATFORM_BYTES = 450
"""Of log for an invocation beside our own lines: START, REPORT (not the API's, whose
system log level is WARN) or the gateway's access line."""
POLLERS, POLL_SECONDS = 5, 20
"""Of a queue's event source mapping: five long polls at a time, idle or not, where a
maximum concurrency is set (AWS Lambda Developer Guide, "Configuring scaling behavior
for SQS event source mappings")."""
KEY_REUSE_SECONDS = 300
"""SQS asks for a data key once in so long for each principal, twice for who sends
(Amazon SQS FAQs, "How do I estimate my KMS costs"); this is its default."""
