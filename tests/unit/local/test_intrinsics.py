import pytest

from infra.local.intrinsics import IntrinsicError, Intrinsics

INTRINSICS = Intrinsics(
    references={"Days": "14", "Queue": "https://queue", "AWS::Region": "eu-west-1"},
    attributes={("Queue", "Arn"): "arn:queue"},
)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("text", "text"),
        (5, 5),
        ({"Ref": "Days"}, "14"),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "arn:queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "arn:queue"),
        (
            {"Fn::Sub": "${Queue}/${Queue.Arn}/${!Literal}"},
            "https://queue/arn:queue/${Literal}",
        ),
        ({"Fn::Sub": ["${A}-${Days}", {"A": {"Ref": "Queue"}}]}, "https://queue-14"),
        (
            {"A": [{"Ref": "Days"}], "B": {"C": {"Ref": "Queue"}}},
            {"A": ["14"], "B": {"C": "https://queue"}},
        ),
        ({"Ref": "Days", "Other": 1}, {"Ref": "Days", "Other": 1}),
    ],
)
def test_resolves_exactly(expression, result):
    assert INTRINSICS.resolve(expression) == result


@pytest.mark.parametrize(
    "expression",
    [
        {"Ref": "Nobody"},
        {"Fn::GetAtt": ["Queue", "Nothing"]},
        {"Fn::Sub": "${Nobody}"},
        {"Fn::Sub": "${Queue.Nothing}"},
        {"Fn::Join": ["", ["a", "b"]]},
        {"Fn::If": ["Condition", "a", "b"]},
    ],
)
def test_refuses_what_it_does_not_know(expression):
    with pytest.raises(IntrinsicError):
        INTRINSICS.resolve({"Deep": [expression]})
