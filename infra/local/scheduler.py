"""The process in EventBridge's place: runs functions at their rates, or when told.

``POST /<rule or function>`` on its own port runs that schedule now and answers, when
the function has finished, with the function's answer (200) or its error (500).
EventBridge's retries of failed events are left out: the next period comes anyway.
"""

import json
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.local.aws import ACCOUNT, REGION
from infra.local.function import Function
from infra.local.stack import Schedule, Stack

CONCURRENCY = 2


def event(schedule: Schedule, now: float) -> dict[str, Any]:
    """The event of a rule at the time ``now`` (epoch seconds).

    Source: Amazon EventBridge User Guide, "Scheduled events".
    """
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "region": REGION,
        "resources": [schedule.arn],
        "detail": {},
    }


class Scheduler:
    """Runs the stack's schedules, and is a WSGI application that runs them now."""

    def __init__(self, stack: Stack) -> None:
        self._schedules = stack.schedules
        self._functions = {
            name: Function(
                stack.functions[name], stack.code, Path(stack.state), CONCURRENCY
            )
            for name in {each.function for each in stack.schedules}
        }

    def start(self) -> None:
        for schedule in self._schedules:
            threading.Thread(target=self._repeat, args=(schedule,), daemon=True).start()

    def _repeat(self, schedule: Schedule) -> None:
        while True:
            time.sleep(schedule.period)
            threading.Thread(target=self._run, args=(schedule,), daemon=True).start()

    def _run(self, schedule: Schedule):
        function = self._functions[schedule.function]
        return function.invoke(event(schedule, time.time()))

    def __call__(self, environ, start_response):
        return self._serve(Request(environ))(environ, start_response)

    def _serve(self, request: Request) -> Response:
        name = request.path.strip("/")
        for schedule in self._schedules:
            if request.method == "POST" and name in (schedule.name, schedule.function):
                outcome = self._run(schedule)
                return Response(
                    json.dumps(outcome.error or outcome.answer),
                    500 if outcome.error else 200,
                    content_type="application/json",
                )
        return Response("POST /<rule or function>", 404)


def main(stack_file: str, port: int) -> None:
    scheduler = Scheduler(Stack.load(Path(stack_file)))
    scheduler.start()
    make_server(
        "127.0.0.1",
        port,
        scheduler,
        threaded=True,
    ).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
