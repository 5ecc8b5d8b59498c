"""``python -m infra.local``: the whole AWS side from ``template.yaml``.

Prints one line of JSON when it serves: the connector's address, moto's, the
scheduler's, the environment for the command line tool, and the process ids.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from infra.host.ports import free_port
from infra.local import aws, deployment, template
from infra.local.stack import Stack
from infra.local.supervisor import StartFailed, Supervisor, refuse_taken

PROJECT = Path(__file__).resolve().parents[2]
XERO_ADDRESSES = ("XeroLoginUrl", "XeroIdentityUrl", "XeroApiUrl")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("CONNECTOR_PORT", 8070))
    )
    parser.add_argument(
        "--moto-port", type=int, default=int(os.environ.get("MOTO_PORT", 8072))
    )
    parser.add_argument("--xero-url", help="a simulator's address; else the real Xero")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="Key=Value",
        help="a parameter of the template, as in sam deploy --parameter-overrides",
    )
    parser.add_argument("--state", type=Path, default=PROJECT / ".host" / "local")
    parser.add_argument("--template", type=Path, default=PROJECT / "template.yaml")
    return parser.parse_args()


def parameters(options: argparse.Namespace) -> dict[str, str]:
    """The template's parameters: the local addresses, then what was given."""
    values = {"PublicUrl": f"http://localhost:{options.port}"}
    if options.xero_url:
        values |= dict.fromkeys(XERO_ADDRESSES, options.xero_url.rstrip("/"))
    for given in options.parameter:
        key, equals, value = given.partition("=")
        if not equals:
            raise ValueError(f"--parameter {given}: write Key=Value.")
        values[key] = value
    return values


def start(options: argparse.Namespace, supervisor: Supervisor, moto_url: str) -> dict:
    """Start everything; what the ready line says."""
    refuse_taken(options.port, "--port")
    refuse_taken(options.moto_port, "--moto-port")
    values = parameters(options)
    document = template.transform(options.template, values)
    grants_file = options.state / deployment.GRANTS
    moto = supervisor.start(
        "moto", "infra.local.moto_process", options.moto_port, grants_file, vital=True
    )
    supervisor.await_http(moto, f"{moto_url}/moto-api/data.json")
    code = options.template.resolve().parent
    made = deployment.create(document, values, moto_url, code, options.state)
    return {
        **serve(made, supervisor, options.port),
        "moto": moto_url,
        "environment": command_line_environment(made),
        "processes": supervisor.processes(),
        "state": str(options.state),
    }


def serve(made: Stack, supervisor: Supervisor, port: int) -> dict[str, str]:
    """Start what runs the stack's functions; the addresses at which it listens."""
    stack_file = Path(made.state) / "stack.json"
    made.save(stack_file)
    control_port = free_port()
    connector = f"http://localhost:{port}"
    control = f"http://localhost:{control_port}"
    api = supervisor.start("api", "infra.local.front", stack_file, port)
    for mapping in made.mappings:
        name = mapping.function.removesuffix("Function").lower()
        supervisor.start(name, "infra.local.poller", stack_file, mapping.name)
    scheduler = supervisor.start(
        "scheduler", "infra.local.scheduler", stack_file, control_port
    )
    supervisor.await_http(api, connector)
    supervisor.await_http(scheduler, control)
    return {"connector": connector, "scheduler": control}


def command_line_environment(made: Stack) -> dict[str, str]:
    """What a tool outside Lambda needs: the functions' settings and fake AWS keys."""
    own = aws.environment(made.moto_url)
    shared = {
        name: value
        for function in made.functions.values()
        for name, value in function.environment.items()
        if not name.startswith(("AWS_LAMBDA_", "AWS_EXECUTION_ENV", "POWERTOOLS_"))
    }
    inherited = set(aws.INHERITED) | {"TZ"}
    return {k: v for k, v in (shared | own).items() if k not in inherited}


def main() -> int:
    options = arguments()
    aws.isolate()
    options.state = options.state.resolve()
    # moto forgets with its end: what an earlier stack left describes nothing any more.
    shutil.rmtree(options.state / "logs", ignore_errors=True)
    options.state.mkdir(parents=True, exist_ok=True)
    moto_url = f"http://localhost:{options.moto_port}"
    try:
        with Supervisor(PROJECT, options.state, moto_url) as supervisor:
            print(json.dumps(start(options, supervisor, moto_url)), flush=True)
            return supervisor.run()
    except (StartFailed, deployment.StackNotCreated, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
