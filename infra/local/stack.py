"""The stack as it runs: what the template says, with moto's real names in it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.local.aws import ACCOUNT, REGION


def function_arn(name: str) -> str:
    """The ARN under which the function knows itself."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda function. ``timeout`` in seconds."""

    name: str
    handler: str
    timeout: int
    environment: dict[str, str]

    @property
    def arn(self) -> str:
        return function_arn(self.name)


@dataclass(frozen=True)
class Route:
    """One route of the HTTP API: ``method`` is upper case, or ANY."""

    method: str
    path: str
    function: str


@dataclass(frozen=True)
class QueueMapping:
    """One event source mapping of a queue. ``window`` in seconds."""

    name: str
    function: str
    queue_url: str
    queue_arn: str
    batch_size: int
    window: int
    reports_item_failures: bool
    concurrency: int


@dataclass(frozen=True)
class Schedule:
    """One rule that starts a function every ``period`` seconds."""

    name: str
    arn: str
    function: str
    period: int


@dataclass(frozen=True)
class Stack:
    """Everything that the processes of the local stack need to know."""

    code: str
    state: str
    moto_url: str
    functions: dict[str, FunctionSpec]
    routes: list[Route]
    mappings: list[QueueMapping]
    schedules: list[Schedule]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def load(cls, path: Path) -> "Stack":
        raw = json.loads(path.read_text())
        return cls(
            code=raw["code"],
            state=raw["state"],
            moto_url=raw["moto_url"],
            functions={k: FunctionSpec(**v) for k, v in raw["functions"].items()},
            routes=[Route(**each) for each in raw["routes"]],
            mappings=[QueueMapping(**each) for each in raw["mappings"]],
            schedules=[Schedule(**each) for each in raw["schedules"]],
        )
