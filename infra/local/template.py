"""The SAM template as plain CloudFormation, offline.

Source: https://github.com/aws/serverless-application-model (aws-sam-translator).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from infra.local.aws import REGION

# moto skips or cannot run these; what needs them is run by this package, or asserted
# on the transformed template by tests/infra.
NOT_DEPLOYED = (
    "AWS::ApiGatewayV2::",
    "AWS::CloudWatch::",
    "AWS::Events::Rule",
    "AWS::Lambda::",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::",
    "AWS::SQS::QueuePolicy",
)


def parameter_values(template: dict[str, Any], given: Mapping[str, str]) -> dict:
    """The value of each parameter: the given one, else its default.

    Raises:
        ValueError: a given name that the template does not declare, a value that it
            does not allow, or a parameter left without one.
    """
    declared = template.get("Parameters", {})
    if unknown := sorted(set(given) - set(declared)):
        raise ValueError(f"The template has no parameter {', '.join(unknown)}.")
    values = {}
    for name, parameter in declared.items():
        value = given.get(name, parameter.get("Default"))
        if value is None:
            raise ValueError(f"The parameter {name} needs a value.")
        if wanted := _unmet(parameter, str(value)):
            raise ValueError(f"{name} must be {wanted}, not {value}.")
        values[name] = str(value)
    return values


def _unmet(parameter: dict[str, Any], value: str) -> str | None:
    """What the declaration asks for and the value is not."""
    allowed = [str(each) for each in parameter.get("AllowedValues", [value])]
    if value not in allowed:
        return f"one of {', '.join(allowed)}"
    pattern = parameter.get("AllowedPattern", ".*")
    if not re.fullmatch(pattern, value):
        return f"of the form {pattern}"
    if parameter["Type"] == "Number":
        least, most = (parameter.get(each) for each in ("MinValue", "MaxValue"))
        if least is not None and float(value) < least:
            return f"at least {least}"
        if most is not None and float(value) > most:
            return f"at most {most}"
    return None


def transform(path: Path, given: Mapping[str, str]) -> dict[str, Any]:
    """The CloudFormation document that AWS would make of the SAM template.

    Raises:
        ValueError: the template, or a parameter, is wrong.
    """
    template = yaml_parse(path.read_text())
    values = parameter_values(template, given)
    # The translator accepts packaged code only; nothing here ever reads this address.
    template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://local/code.zip"
    session = boto3.Session(region_name=REGION)
    translator = Translator({}, Parser(), boto_session=session)
    try:
        return translator.translate(template, values)
    except InvalidDocumentException as error:
        reasons = "; ".join(cause.message for cause in error.causes)
        raise ValueError(f"{path}: {reasons}") from error


def deployable(document: dict[str, Any]) -> dict[str, Any]:
    """The part of the document that moto can create."""
    resources = {
        name: resource
        for name, resource in document["Resources"].items()
        if not resource["Type"].startswith(NOT_DEPLOYED)
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": document.get("Parameters", {}),
        "Resources": resources,
    }
