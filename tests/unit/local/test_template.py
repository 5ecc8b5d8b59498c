import pytest

from infra.local.template import deployable, parameter_values

TEMPLATE = {
    "Parameters": {
        "Needed": {"Type": "String"},
        "Days": {"Type": "Number", "Default": 14, "AllowedValues": [7, 14]},
    }
}


def test_given_values_come_before_defaults():
    values = parameter_values(TEMPLATE, {"Needed": "x", "Days": "7"})
    assert values == {"Needed": "x", "Days": "7"}
    assert parameter_values(TEMPLATE, {"Needed": "x"})["Days"] == "14"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Needed needs a value"),
        ({"Needed": "x", "Dais": "7"}, "no parameter Dais"),
        ({"Needed": "x", "Days": "8"}, "Days must be one of 7, 14"),
    ],
)
def test_wrong_parameters_are_named(given, message):
    with pytest.raises(ValueError, match=message):
        parameter_values(TEMPLATE, given)


def test_what_moto_cannot_run_is_left_out():
    kinds = {
        "F": "AWS::Lambda::Function",
        "A": "AWS::ApiGatewayV2::Api",
        "R": "AWS::Events::Rule",
        "Q": "AWS::SQS::Queue",
        "T": "AWS::DynamoDB::Table",
    }
    resources = {name: {"Type": kind} for name, kind in kinds.items()}
    assert set(deployable({"Resources": resources})["Resources"]) == {"Q", "T"}
