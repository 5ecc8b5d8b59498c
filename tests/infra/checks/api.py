"""What the internet may ask, how often, and what is written of it."""

import re

from infra.local.aws import ACCOUNT, REGION
from infra.local.reader import of_type

from .reading import properties_of
from .registry import check, of, put

STAGE = "HttpApiApiGatewayDefaultStage"
WEBHOOK = "POST /webhooks/{hook}"
_OPEN_ROUTES = {"/oauth/callback": {"get"}, "/webhooks/{hook}": {"post"}}
_MAY_BE_LOGGED = {
    "error.responseType",
    "integration.status",
    "requestId",
    "requestTimeEpoch",
    "responseLatency",
    "responseLength",
    "routeKey",
    "status",
}
"""What of a request API Gateway writes down: nothing of who asked, and no path, which
names a connection or the secret address of a webhook."""


def another_open_route(document):
    paths = document["Resources"]["HttpApi"]["Properties"]["Body"]["paths"]
    paths["/open"] = paths["/oauth/callback"]


@check(another_open_route)
def no_function_but_xeros_is_asked_without_a_key(document):
    """Routes outside the contract are known one by one."""
    for name, api in properties_of(document, "AWS::ApiGatewayV2::Api"):
        for path, operations in api["Body"]["paths"].items():
            known = _OPEN_ROUTES.get(path)
            if path != "/v1/{proxy+}" and set(operations) != known:
                yield f"{name}: {', '.join(operations)} {path}"


@check(
    put(of(STAGE, "RouteSettings"), None),
    put(of(STAGE, "RouteSettings", WEBHOOK, "ThrottlingRateLimit"), 500),
)
def who_is_asked_by_anybody_is_asked_so_often_only(document):
    for name, stage in properties_of(document, "AWS::ApiGatewayV2::Stage"):
        route = stage.get("RouteSettings", {}).get(WEBHOOK, {})
        if not 0 < int(route.get("ThrottlingRateLimit", 0)) <= 50:
            yield f"{name}: strangers may use up the account's concurrency"


@check(
    put(of(STAGE, "DefaultRouteSettings"), None),
    put(of(STAGE, "DefaultRouteSettings", "ThrottlingBurstLimit"), None),
)
def every_route_is_throttled(document):
    for name, stage in properties_of(document, "AWS::ApiGatewayV2::Stage"):
        limits = stage.get("DefaultRouteSettings", {})
        for each in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            if not int(limits.get(each, 0)):
                yield f"{name}: no {each}"


@check(
    put(of(STAGE, "AccessLogSettings"), None),
    put(of(STAGE, "AccessLogSettings", "DestinationArn"), "arn:aws:logs:::another"),
    put(
        of(STAGE, "AccessLogSettings", "Format"), '{"ip":"$context.identity.sourceIp"}'
    ),
    put(of(STAGE, "AccessLogSettings", "Format"), '{"path":"$context.path"}'),
)
def calls_are_logged_without_who_and_what(document):
    groups = dict(properties_of(document, "AWS::Logs::LogGroup"))
    ours = {f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{each}" for each in groups}
    for name, stage in properties_of(document, "AWS::ApiGatewayV2::Stage"):
        log = stage.get("AccessLogSettings", {})
        if log.get("DestinationArn") not in ours:
            yield f"{name}: no access log of ours"
        written = set(re.findall(r"\$context\.([\w.]+)", log.get("Format", "")))
        if written != _MAY_BE_LOGGED:
            yield f"{name}: {written ^ _MAY_BE_LOGGED} in the access log, or not"


@check(put(of("ApiFunction", "Timeout"), 29))
def api_functions_end_before_the_gateway_gives_up(document):
    functions = dict(properties_of(document, "AWS::Lambda::Function"))
    for name, api in of_type(document["Resources"], "AWS::ApiGatewayV2::Api"):
        text = str(api["Body"]["paths"])
        for function, properties in functions.items():
            if f"${{{function}.Arn}}" in text and int(properties["Timeout"]) >= 29:
                yield f"{name}: {function} may answer after the gateway did"
