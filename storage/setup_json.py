"""Set-ups and commands as JSON and back, by the fields of their dataclasses: a new command needs no line here.

A dataclass is an object of its fields, an enum its value, a metric its reference id, an Instant ``{"utc_ns", "mono_ns"}``, a
tuple a list. Reading fills fields that are absent with their defaults, so older rows stay readable when a command grows.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from clinical.commands import CaseSetup, Command
from clinical.instant import Instant
from clinical.metrics import CATALOGUE, Metric
from storage.rows import clean

T = TypeVar("T")
_COMMANDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Command)}


class JsonError(ValueError):
    """The JSON does not say what it should; the text names the place."""


def command_json(command: Command) -> str:
    """A command as one line of JSON that names its type."""
    return _dumps({"type": type(command).__name__, **encoded(command)})


def command_from_json(line: str) -> Command:
    """The command of a line. Raises JsonError if it is none."""
    fields = _loads(line)
    kind = _COMMANDS.get(fields.pop("type", ""))
    if kind is None:
        raise JsonError("names no command that is known here")
    command: Command = decoded(kind, fields)
    return command


def part_json(setup: CaseSetup, names: tuple[str, ...]) -> str:
    """Some fields of a set-up as one line of JSON."""
    return _dumps({name: encoded(getattr(setup, name)) for name in names})


def setup_from(columns: Mapping[str, Any], part: str) -> CaseSetup:
    """A set-up from plain columns and the JSON of the rest. Raises JsonError."""
    return decoded(CaseSetup, {**columns, **_loads(part)})


def encoded(value: object) -> Any:
    """A clinical value as what ``json`` can write."""
    for kind, encode in _ENCODERS:
        if isinstance(value, kind):
            return encode(value)
    if dataclasses.is_dataclass(value):
        return {field.name: encoded(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _as_it_is(value: Any) -> Any:
    return value


_ENCODERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, clean),
    (types.NoneType, _as_it_is),
    (int, _as_it_is),  # bool among them
    (float, _as_it_is),
    (Enum, lambda value: value.value),
    (Metric, lambda value: value.id),
    (Instant, lambda value: {"utc_ns": value.utc_ns, "mono_ns": value.monotonic_ns}),
    (tuple, lambda value: [encoded(item) for item in value]),
)


def decoded(kind: type[T], data: object) -> T:
    """The value of a type that ``encoded`` gave. Raises JsonError where ``data`` does not fit the type."""
    try:
        value: T = _decode(kind, data)
    except (KeyError, TypeError, ValueError) as error:
        raise JsonError(f"{getattr(kind, '__name__', kind)} cannot be read: {error}") from error
    return value


def _decode(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        (inner,) = (arm for arm in get_args(kind) if arm is not type(None))
        return None if data is None else _decode(inner, data)
    if origin is tuple:
        return _decode_tuple(get_args(kind), data)
    if kind is Metric:
        return CATALOGUE[data]
    if kind is Instant:
        return Instant(data["mono_ns"], data["utc_ns"])
    if dataclasses.is_dataclass(kind):
        return _decode_fields(kind, data)
    return _decode_plain(kind, data)


def _decode_fields(kind: Any, data: Any) -> Any:
    return kind(**{name: _decode(hint, data[name]) for name, hint in _hints(kind).items() if name in data})


def _decode_plain(kind: Any, data: Any) -> Any:
    if kind is not bool and kind is not str and isinstance(data, bool):
        raise TypeError(f"a truth value where {kind.__name__} belongs")
    if kind in {bool, str} and not isinstance(data, kind):
        raise TypeError(f"{data!r} where {kind.__name__} belongs")
    return kind(data)


def _decode_tuple(arms: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(arms) == 2 and arms[1] is Ellipsis:
        return tuple(_decode(arms[0], item) for item in data)
    return tuple(_decode(arm, item) for arm, item in zip(arms, data, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _loads(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise JsonError(f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise JsonError("no JSON object")
    return data
