"""Pages that wait in S3, each named by its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class S3Spool:
    client: Any
    bucket: str

    def put(self, instance: str, connection: str, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.client.put_object(
            Bucket=self.bucket,
            Key=_key(instance, connection, name),
            Body=data,
            ContentType="application/gzip",
        )
        return name

    def get(self, instance: str, connection: str, sha256: str) -> bytes | None:
        key = _key(instance, connection, sha256)
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        except self.client.exceptions.NoSuchKey:
            return None
        return answer["Body"].read()


def _key(instance: str, connection: str, sha256: str) -> str:
    return f"{instance}/{connection}/{sha256}.json.gz"
