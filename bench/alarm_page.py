"""The tables of docs/alarms.md, each between its two marks. Measures nothing."""

from __future__ import annotations

from typing import Any

from bench.running import ROOT

PAGE = ROOT / "docs" / "alarms.md"
HEAD = (
    "| patients | rule | hours | new /h | returns /h | worse /h | median length s | < 15 s % | in alarm s/h | of no delay | "
    "20–59 s caught | ≥ 60 s caught | latency p95 s | SpO₂ p95 s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)
COLUMNS = (
    "patients",
    "rule",
    "hours",
    "new_per_hour",
    "returns_per_hour",
    "worsened_per_hour",
    "median_length_s",
    "under_15_s_percent",
    "in_alarm_s_per_hour",
    "in_alarm_of_no_delay",
)


def burden_text(table: list[dict[str, Any]]) -> str:
    return HEAD + "\n".join(_row(row) for row in table)


def _row(row: dict[str, Any]) -> str:
    cells = [_cell(row[name]) for name in COLUMNS]
    for kind in ("short", "long"):
        share = row[f"{kind}_caught_percent"]
        cells.append("" if share is None else f"{share:g} % of {row[f'{kind}_events']}")
    cells += [_cell(row["latency_s_p95"]), _cell(row["spo2_latency_s_p95"])]
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def table_text(table: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """``columns``: the heading of each name that the rows have."""
    rows = [" | ".join(str(row[name]) for name in columns) for row in table]
    return "\n".join(f"| {row} |" for row in (" | ".join(columns.values()), " | ".join("---" for _ in columns), *rows))


def put(name: str, text: str) -> None:
    """Puts a text between the marks of that name. Raises ValueError if the page has no such marks."""
    begin, end = f"<!-- {name}: written by the bench -->", f"<!-- /{name} -->"
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.index(begin) + len(begin), page.index(end)
    PAGE.write_text(f"{page[:before]}\n{text}\n{page[after:]}", encoding="utf-8")
