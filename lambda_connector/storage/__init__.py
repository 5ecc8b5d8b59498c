"""The ports of the logic on AWS. The only place that knows boto3."""
