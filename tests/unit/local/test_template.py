import pytest

from infra.local.template import deployable, parameter_values, transform

TEMPLATE = {
    "Parameters": {
        "Needed": {"Type": "String"},
        "Days": {"Type": "Number", "Default": 14, "AllowedValues": [7, 14]},
        "Url": {"Type": "String", "Default": "", "AllowedPattern": "^$|^https://.*"},
        "Seconds": {"Type": "Number", "Default": 5, "MinValue": 1, "MaxValue": 9},
    }
}


def test_given_values_come_before_defaults():
    values = parameter_values(TEMPLATE, {"Needed": "x", "Days": "7"})
    assert values == {"Needed": "x", "Days": "7", "Url": "", "Seconds": "5"}
    assert parameter_values(TEMPLATE, {"Needed": "x"})["Days"] == "14"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Needed needs a value"),
        ({"Needed": "x", "Dais": "7"}, "no parameter Dais"),
        ({"Needed": "x", "Days": "8"}, "Days must be one of 7, 14"),
        ({"Needed": "x", "Url": "ftp://x"}, "Url must be of the form"),
        ({"Needed": "x", "Seconds": "0"}, "Seconds must be at least 1, not 0"),
        ({"Needed": "x", "Seconds": "10"}, "Seconds must be at most 9, not 10"),
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


def test_a_wrong_template_is_named_with_what_is_wrong(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Globals: {Function: {Role: r}}\n"
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {}}}\n"
    )
    with pytest.raises(ValueError, match="'Role' is not a supported property"):
        transform(path, {})
