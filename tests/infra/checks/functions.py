"""The functions: what they are told, what they write, and for how long it is kept."""

from infra.local.template import parameter_values
from lambda_connector.settings import Settings

from .reading import properties_of
from .registry import check, of, put

# What belongs to Lambda, powertools or the local stack rather than to our settings.
NOT_OURS = ("AWS_", "POWERTOOLS_")


def unread_variable(document):
    function = document["Resources"]["ApiFunction"]["Properties"]
    function["Environment"]["Variables"]["UNREAD"] = "1"


@check(
    unread_variable, put(of("ApiFunction", "Environment", "Variables", "PKCE"), None)
)
def functions_get_the_settings_and_nothing_else(document):
    expected = {name.upper() for name in Settings.__annotations__}
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        variables = function.get("Environment", {}).get("Variables", {})
        given = {each for each in variables if not each.startswith(NOT_OURS)}
        if given != expected:
            yield f"{name}: {sorted(given ^ expected)}"


@check(
    put(of("ApiLogGroup", "RetentionInDays"), None),
    put(of("WorkerFunction", "LoggingConfig"), None),
)
def logs_are_kept_for_a_while_only(document):
    groups = {}
    for name, group in properties_of(document, "AWS::Logs::LogGroup"):
        groups[name] = group
        if not group.get("RetentionInDays"):
            yield f"{name}: kept for ever"
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        if function.get("LoggingConfig", {}).get("LogGroup") not in groups:
            yield f"{name}: logs to a group that nobody limits"


def quieter_than_the_metrics(document):
    document["Parameters"]["LogLevel"]["AllowedValues"].append("WARN")


@check(
    quieter_than_the_metrics,
    put(of("WorkerFunction", "LoggingConfig", "LogFormat"), "Text"),
    put(of("JanitorFunction", "LoggingConfig", "ApplicationLogLevel"), "ERROR"),
)
def logs_let_the_metrics_pass(document):
    """They are lines without a level, which Lambda takes for INFO. And powertools takes
    Lambda's level before any other."""
    if not set(document["Parameters"]["LogLevel"]["AllowedValues"]) <= {
        "DEBUG",
        "INFO",
    }:
        yield "LogLevel: there is one at which the alarms hear nothing"
    level = parameter_values(document, {})["LogLevel"]
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        logging = function["LoggingConfig"]
        if (logging.get("LogFormat"), logging.get("ApplicationLogLevel")) != (
            "JSON",
            level,
        ):
            yield f"{name}: logs as {logging}"


@check(put(of("WorkerFunction", "TracingConfig"), None))
def functions_are_traced(document):
    for name, function in properties_of(document, "AWS::Lambda::Function"):
        if function.get("TracingConfig") != {"Mode": "Active"}:
            yield f"{name}: nobody sees where its time goes"


@check(
    put(("JanitorFunctionEventInvokeConfig",), None),
    put(of("JanitorFunctionEventInvokeConfig", "MaximumRetryAttempts"), 2),
)
def a_scheduled_round_is_not_made_up_for(document):
    """Rounds of an outage would all come at its end, beside those that are due."""
    final = {
        configuration["FunctionName"]
        for _, configuration in properties_of(
            document, "AWS::Lambda::EventInvokeConfig"
        )
        if configuration.get("MaximumRetryAttempts") == 0
    }
    functions = dict(properties_of(document, "AWS::Lambda::Function"))
    for name, rule in properties_of(document, "AWS::Events::Rule"):
        for function in functions:
            arn = rule["Targets"][0]["Arn"]
            if arn.endswith(f":{function}") and function not in final:
                yield f"{name}: {function} is started again for rounds of long ago"


def secret_parameter(document):
    document["Parameters"]["XeroClientSecret"] = {"Type": "String", "Default": "s3cr3t"}


@check(secret_parameter)
def no_parameter_carries_a_secret(document):
    for name, parameter in document["Parameters"].items():
        words = ("secret", "password", "token", "credential", "apikey")
        if any(word in name.lower() for word in words) and parameter.get("Default"):
            yield f"{name}: a secret in the template"


def unexplained_parameter(document):
    del document["Parameters"]["AlarmEmail"]["Description"]


def ungrouped_parameter(document):
    document["Parameters"]["Late"] = {"Type": "String", "Description": "Late."}


@check(unexplained_parameter, ungrouped_parameter)
def parameters_are_explained_and_grouped(document):
    """The guided deployment, the console and docs/deploying.md show them so."""
    interface = document["Metadata"]["AWS::CloudFormation::Interface"]
    shown = [
        name for group in interface["ParameterGroups"] for name in group["Parameters"]
    ]
    for name, parameter in document["Parameters"].items():
        if not parameter.get("Description"):
            yield f"{name}: nobody says what it is"
        if shown.count(name) != 1:
            yield f"{name}: in {shown.count(name)} groups"
