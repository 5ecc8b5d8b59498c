import base64
import json

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from infra.local import gateway
from infra.local.function import Outcome
from infra.local.stack import Route

CONTRACT = Route("ANY", "/v1/{proxy+}", "Api")
ROUTES = [
    CONTRACT,
    Route("GET", "/v1/app", "App"),
    Route("ANY", "/v1/app", "AnyApp"),
    Route("GET", "/v1/{kind}/{id}", "One"),
]


def event_of(path="/v1/app", route=CONTRACT, parameters=None, **request):
    environ = EnvironBuilder(path=path, **request).get_environ()
    return gateway.event(Request(environ), route, parameters or {})


@pytest.mark.parametrize(
    ("method", "path", "function", "parameters"),
    [
        ("GET", "/v1/app", "App", {}),
        ("POST", "/v1/app", "AnyApp", {}),
        ("GET", "/v1/syncs/7", "One", {"kind": "syncs", "id": "7"}),
        ("POST", "/v1/syncs/7", "Api", {"proxy": "syncs/7"}),
        ("GET", "/v1/syncs/7/log", "Api", {"proxy": "syncs/7/log"}),
        ("PUT", "/v1/a\nb", "Api", {"proxy": "a\nb"}),
    ],
)
def test_the_most_specific_route_serves(method, path, function, parameters):
    route, found = gateway.match(ROUTES, method, path)
    assert (route.function, found) == (function, parameters)


@pytest.mark.parametrize("path", ["/", "/v1/", "/v2/app", "/oauth/callback"])
def test_other_paths_have_no_route(path):
    assert gateway.match(ROUTES, "GET", path) is None


def test_repeated_query_parameters_are_joined_by_commas():
    event = event_of(query_string="a=1&a=2&b=&c=%C3%A9")
    assert event["queryStringParameters"] == {"a": "1,2", "b": "", "c": "é"}
    assert event["rawQueryString"] == "a=1&a=2&b=&c=%C3%A9"


def test_what_a_request_does_not_have_is_left_out():
    event = event_of()
    absent = {"queryStringParameters", "pathParameters", "cookies", "body"}
    assert not absent & set(event)
    assert event["isBase64Encoded"] is False


def test_header_names_are_lower_case_and_cookies_apart():
    event = event_of(headers={"Authorization": "Bearer x", "Cookie": "a=1; b=2"})
    assert event["headers"]["authorization"] == "Bearer x"
    assert "cookie" not in event["headers"]
    assert event["cookies"] == ["a=1", "b=2"]


def test_the_request_context_names_route_method_domain_and_request():
    event = event_of("/v1/a%20b", method="PUT", base_url="http://localhost:8070")
    context = event["requestContext"]
    assert event["version"] == "2.0"
    assert event["routeKey"] == context["routeKey"] == "ANY /v1/{proxy+}"
    assert event["rawPath"] == context["http"]["path"] == "/v1/a b"
    assert context["http"]["method"] == "PUT"
    assert context["domainName"] == "localhost:8070"
    assert context["stage"] == "$default"
    assert context["requestId"] != event_of()["requestContext"]["requestId"]


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/problem+json"]
)
def test_text_bodies_pass_as_text(content_type):
    event = event_of(method="POST", data='{"é": 1}', content_type=content_type)
    assert (event["body"], event["isBase64Encoded"]) == ('{"é": 1}', False)


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("application/octet-stream", b"\x00\xff"),
        ("application/x-www-form-urlencoded", b"a=1"),
        ("application/json", b"\xff not UTF-8"),
    ],
)
def test_other_bodies_pass_as_base64(content_type, data):
    event = event_of(method="POST", data=data, content_type=content_type)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == data


def test_an_answer_becomes_a_response():
    answer = {
        "statusCode": 201,
        "headers": {"content-type": "application/gzip", "X-Sum": 7},
        "cookies": ["a=1", "b=2"],
        "body": base64.b64encode(b"\x1f\x8b").decode(),
        "isBase64Encoded": True,
    }
    response = gateway.response(Outcome(answer=answer))
    assert response.status_code == 201
    assert response.get_data() == b"\x1f\x8b"
    assert response.headers["Content-Type"] == "application/gzip"
    assert response.headers["X-Sum"] == "7"
    assert response.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_an_answer_without_status_is_the_body():
    response = gateway.response(Outcome(answer={"a": 1}))
    assert (response.status_code, json.loads(response.get_data())) == (200, {"a": 1})
    assert response.content_type == "application/json"


def test_an_empty_body_stays_empty():
    response = gateway.response(Outcome(answer={"statusCode": 204}))
    assert (response.status_code, response.get_data()) == (204, b"")


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(error={"errorType": "Sandbox.Timedout"}),
        Outcome(answer={"statusCode": "no number"}),
        Outcome(answer={"statusCode": 200, "body": "§", "isBase64Encoded": True}),
        Outcome(answer={"statusCode": 200, "headers": ["no", "map"]}),
    ],
)
def test_an_error_or_a_malformed_answer_is_the_gateways_500(outcome):
    response = gateway.response(outcome)
    assert response.status_code == 500
    assert json.loads(response.get_data()) == {"message": "Internal Server Error"}
