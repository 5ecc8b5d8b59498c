"""The process in API Gateway's place: HTTP in, the function's answer out."""

import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from infra.local import gateway
from infra.local.function import Function
from infra.local.stack import Stack

# Lambda would start as many as there are requests; a laptop has a few cores.
CONCURRENCY = 4


class Front:
    """A WSGI application that serves the stack's routes by its functions."""

    def __init__(self, stack: Stack) -> None:
        self._routes = stack.routes
        self._functions = {
            name: Function(
                stack.functions[name], stack.code, Path(stack.state), CONCURRENCY
            )
            for name in {route.function for route in stack.routes}
        }

    def __call__(self, environ, start_response):
        return self._serve(Request(environ))(environ, start_response)

    def _serve(self, request: Request) -> Response:
        found = gateway.match(self._routes, request.method, request.path)
        if not found:
            return gateway.message(404, "Not Found")
        if (request.content_length or 0) > gateway.REQUEST_BYTES:
            return gateway.message(413, "Request Entity Too Large")
        route, parameters = found
        event = gateway.event(request, route, parameters)
        answer = gateway.response(self._functions[route.function].invoke(event))
        answer.headers["Apigw-Requestid"] = event["requestContext"]["requestId"]
        return answer


class Quiet(WSGIRequestHandler):
    """Keeps query strings, which carry Xero's codes, out of the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        path = self.path.split("?")[0]
        self.log("info", "%s %s %s", self.command, path, code)


def main(stack_file: str, port: int) -> None:
    front = Front(Stack.load(Path(stack_file)))
    server = make_server("127.0.0.1", port, front, threaded=True, request_handler=Quiet)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
