"""What the connector decides. No boto3, no HTTP and no Lambda types in here."""
