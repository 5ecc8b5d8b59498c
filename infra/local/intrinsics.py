"""CloudFormation's intrinsic functions, as far as the template uses them.

Exact rather than broad: what is not known here is an error, never a guess.
Source: AWS CloudFormation User Guide, "Intrinsic function reference".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PLACEHOLDER = re.compile(r"\$\{(!?)([^}]+)\}")


class IntrinsicError(ValueError):
    """An expression that cannot be resolved exactly."""


@dataclass(frozen=True)
class Intrinsics:
    """Resolves expressions of one stack.

    Attributes:
        references: what ``Ref`` gives for each parameter and resource.
        attributes: what ``Fn::GetAtt`` gives, by (resource, attribute).
    """

    references: Mapping[str, Any]
    attributes: Mapping[tuple[str, str], str]

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function in it replaced by its result.

        Raises:
            IntrinsicError: an unknown function, name or attribute.
        """
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key, argument), *_ = value.items()
            if key == "Ref" or key.startswith("Fn::") or key == "Condition":
                return self._call(key, argument)
        return {key: self.resolve(each) for key, each in value.items()}

    def _call(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                return self._get_att(argument)
            case "Fn::Sub":
                return self._sub(argument)
        raise IntrinsicError(f"{function} is not resolved here: {argument!r}.")

    def _ref(self, name: str) -> Any:
        if name not in self.references:
            raise IntrinsicError(f"Ref to the unknown name {name}.")
        return self.references[name]

    def _get_att(self, argument: str | list[str]) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if tuple(parts) not in self.attributes:
            raise IntrinsicError(f"GetAtt of the unknown {'.'.join(parts)}.")
        return self.attributes[tuple(parts)]

    def _sub(self, argument: str | list[Any]) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        own = {name: self.resolve(value) for name, value in own.items()}

        def substitute(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in own:
                return str(own[name])
            return str(self._get_att(name) if "." in name else self._ref(name))

        return PLACEHOLDER.sub(substitute, text)
