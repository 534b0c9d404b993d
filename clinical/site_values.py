"""Typed values out of a mapping that a person wrote, with errors that say which key, what is wrong and what is allowed.

Reads no file: mappings come from outside, and whoever read them knows file and line.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence


class SiteValueError(ValueError):
    """A value that cannot be used.

    Attributes:
        table, index: the array of tables it stands in ("limit", 2 counted from 0); empty and 0 at the top.
        key: the key it stands at, or should.
    """

    def __init__(self, key: str, problem: str, *, table: str = "", index: int = 0) -> None:
        where = f"{table} {index + 1}, {key}" if table else key
        super().__init__(f"{where}: {problem}")
        self.table = table
        self.index = index
        self.key = key


class SiteTable:
    """One table of values, and where it stands.

    Args:
        values: the table.
        allowed: the keys there may be; another is an error, since a misspelt key would be passed over in silence.
    """

    def __init__(self, values: Mapping[str, object], allowed: Collection[str], *, table: str = "", index: int = 0) -> None:
        self._values = values
        self._table = table
        self._index = index
        for key in values:
            if key not in allowed:
                raise self.error(key, f"not known; allowed are {', '.join(sorted(allowed))}")

    def error(self, key: str, problem: str) -> SiteValueError:
        return SiteValueError(key, problem, table=self._table, index=self._index)

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty. Raises SiteValueError."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.error(key, f"{_said(value)}; needed is a text")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """A number from ``low`` to ``high``. Raises SiteValueError."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
            raise self.error(key, f"{_said(value)}; allowed is a number from {low:g} to {high:g}")
        return float(value)

    def number_or_none(self, key: str, low: float, high: float) -> float | None:
        """The same, or None where the key is missing."""
        return self.number(key, low, high) if self.has(key) else None

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``. Raises SiteValueError."""
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(key, f"{_said(value)}; allowed is a whole number from {low} to {high}")
        return value

    def truth_or_none(self, key: str) -> bool | None:
        """True or false, or None where the key is missing. Raises SiteValueError."""
        value = self._values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, f"{_said(value)}; allowed are true, false")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of the words allowed. Raises SiteValueError."""
        value = self._values.get(key)
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, f"{_said(value)}; allowed are {', '.join(choices)}")
        return value

    def texts(self, key: str) -> list[str]:
        """An array of texts; it must be there, and may be empty. Raises SiteValueError."""
        value = self._values.get(key)
        if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(item, str) for item in value):
            raise self.error(key, f"{_said(value)}; needed is a list of texts")
        return [str(item) for item in value]

    def tables(self, key: str, allowed: Collection[str]) -> list[SiteTable]:
        """An array of tables; empty where the key is missing. Raises SiteValueError."""
        rows = self._values.get(key, [])
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(row, Mapping) for row in rows):
            raise self.error(key, f"needed are tables, each begun by [[{key}]]")
        return [SiteTable(row, allowed, table=key, index=index) for index, row in enumerate(rows)]


def _said(value: object) -> str:
    return "missing" if value is None else f"is {value!r}"
