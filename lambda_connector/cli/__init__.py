"""The deployer's command line; ``python -m lambda_connector.cli --help``."""
