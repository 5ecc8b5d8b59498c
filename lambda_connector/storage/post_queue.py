"""The standard queue of what Xero posted: order and repetition mean nothing in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..logic.model.webhook import Post
from .codec import from_item, to_item


@dataclass(frozen=True)
class SqsPosts:
    client: Any
    url: str

    def send(self, post: Post) -> None:
        body = json.dumps(to_item(post), separators=(",", ":"))
        self.client.send_message(QueueUrl=self.url, MessageBody=body)


def read_post(body: str) -> Post:
    """A message's body. Raises ValueError where it is none of ours."""
    try:
        held = json.loads(body)
        if not isinstance(held["instance"], str):
            raise ValueError("not a post")
        return from_item(Post, held)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a post") from error
