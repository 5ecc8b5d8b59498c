"""The pretended AWS account: its region, its number, and nobody's real credentials."""

import os

import boto3
from botocore.config import Config

REGION = "eu-west-1"
ACCOUNT = "123456789012"
STACK = "local"

# What a process may take over from the machine: to find programs, to reach the
# internet where Xero itself is used. Everything else, credentials first, stays out.
INHERITED = (
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LANG",
    "PATH",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "TMPDIR",
    "https_proxy",
    "http_proxy",
)


def environment(moto_url: str) -> dict[str, str]:
    """The environment in which every client of AWS talks to moto, and to moto only."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": moto_url,
        "NO_PROXY": "localhost,127.0.0.1",
        "no_proxy": "localhost,127.0.0.1",
    }


def isolate() -> None:
    """Take the machine's own AWS settings from this process: profile, keys, region."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        del os.environ[name]
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ[name] = os.devnull


def client(service: str, moto_url: str, caller: str = "local"):
    """A boto3 client of moto, whatever the environment says.

    ``caller`` is the function in whose role it acts; "local" may do everything.
    """
    return boto3.client(
        service,
        endpoint_url=moto_url,
        region_name=REGION,
        aws_access_key_id=caller,
        aws_secret_access_key="local",
        config=Config(retries={"mode": "standard"}, proxies={}),
    )
