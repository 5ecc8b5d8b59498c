"""Secrets under KMS. What is sealed fits KMS itself (at most 4,096 bytes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class KmsVault:
    client: Any
    key_id: str

    def seal(self, secret: str, context: Mapping[str, str]) -> bytes:
        answer = self.client.encrypt(
            KeyId=self.key_id,
            Plaintext=secret.encode(),
            EncryptionContext=dict(context),
        )
        return answer["CiphertextBlob"]

    def open(self, sealed: bytes, context: Mapping[str, str]) -> str:
        answer = self.client.decrypt(
            KeyId=self.key_id,
            CiphertextBlob=sealed,
            EncryptionContext=dict(context),
        )
        return answer["Plaintext"].decode()
