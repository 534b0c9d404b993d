"""The tables: every column that is kept, and nothing of how it is written or read.

Rows are appended and never changed, but for the end of a case and the head of its audit chain in ``cases``, and for the seconds of
``waveforms``, which are put together to minutes without the change of a sample (``compaction.py``).

Moments stand as two columns: ``*_utc_ns`` (nanoseconds since 1970, UTC) and ``*_mono_ns`` (nanoseconds of the case's
monotonic timeline: the clock of the computer that began the case; a later run on another clock is shifted to go on from it,
by ``runs.shift_ns``). Missing is NULL. Units stand in names; a numeric's unit is its metric's.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Schema revisions in order, the newest last: the names of the files in ``migrations/versions``."""

METADATA = MetaData()
HOUSE = MetaData()
"""Tables of the installation, whose rows belong to no case: no export and no recorder ever touches them."""
_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _ROW_ID, primary_key=True, autoincrement=True)


def _case(*, primary_key: bool = False) -> Column[int]:
    return Column("case_id", _ROW_ID, ForeignKey("cases.id"), nullable=False, primary_key=primary_key, autoincrement=False)


def _moment(name: str, *, nullable: bool = False) -> tuple[Column[int], Column[int]]:
    return Column(f"{name}_utc_ns", BigInteger, nullable=nullable), Column(f"{name}_mono_ns", BigInteger, nullable=nullable)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[float]:
    return Column(name, Double)


def _chained() -> tuple[Column[int], Column[bytes], Column[bytes]]:
    """``seq`` counts the clinical rows of a case over all their tables; the hashes join them (``audit.py``)."""
    return (
        Column("seq", BigInteger, nullable=False),
        Column("prev_hash", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
    )


CASES = Table(
    "cases",
    METADATA,
    _id(),
    _text("uuid"),
    _text("label"),
    Column("age_years", Integer),
    _text("sex"),
    _text("diagnosis"),
    _text("bed"),
    Column("weight_kg", Double, nullable=False),
    Column("concentration_mg_per_ml", Double, nullable=False),
    Column("syringe_ml", Double, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("day", Integer, nullable=False),
    _number("baseline_sbp_mmhg"),
    Column("utc_offset_min", Integer, nullable=False),
    _text("setup_rest"),  # JSON: order, preset, source_order
    *_moment("started"),
    *_moment("ended", nullable=True),
    Column("end_reason", Text),
    _text("program_version"),
    Column("chain_rows", BigInteger, nullable=False),
    Column("chain_head", LargeBinary, nullable=False),
)
Index("cases_by_uuid", CASES.c.uuid)

RUNS = Table(
    "runs",
    METADATA,
    _case(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_moment("started"),
    Column("shift_ns", BigInteger, nullable=False),  # case's monotonic = this run's monotonic + shift
    _text("boot_id"),
    _text("program_version"),
)

DEVICES = Table(
    "devices",
    METADATA,
    _case(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("place", Integer),  # in the case's source order, from 0; NULL where it is not in it
    *_moment("first_seen"),
)

NUMERICS = Table(
    "numerics",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("device"),
    _text("metric"),
    _text("channel"),
    _number("value"),
    _text("validity"),
    _text("reason"),
    Column("interval_s", Double, nullable=False),
    *_moment("measured", nullable=True),
    Column("shown", Boolean, nullable=False),
)
Index("numerics_by_case", NUMERICS.c.case_id)

WAVEFORM_CHANNELS = Table(
    "waveform_channels",
    METADATA,
    _case(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("device"),
    _text("metric"),
    _text("channel"),
    Column("rate_hz", Double, nullable=False),
    Column("unit_per_step", Double, nullable=False),
    Column("unit_at_zero", Double, nullable=False),
)

WAVEFORMS = Table(
    "waveforms",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),  # the earliest first sample in the blob
    Column("until_mono_ns", BigInteger, nullable=False),  # where the latest sample of it ends
    Column("blob", LargeBinary, nullable=False),  # waveform_blob.py
)
Index("waveforms_by_case", WAVEFORMS.c.case_id, WAVEFORMS.c.at_mono_ns, WAVEFORMS.c.until_mono_ns)  # found without reading a row

WAVEFORM_OVERVIEWS = Table(
    "waveform_overviews",
    METADATA,
    _id(),
    _case(),
    Column("level", Integer, nullable=False),
    Column("at_mono_ns", BigInteger, nullable=False),
    Column("until_mono_ns", BigInteger, nullable=False),
    Column("upto_id", BigInteger, nullable=False),  # the last row of the level below (of waveforms, for level 0) that is in it
    Column("blob", LargeBinary, nullable=False),  # overview.py
)
_OF_LEVEL = WAVEFORM_OVERVIEWS.c.case_id, WAVEFORM_OVERVIEWS.c.level
Index("waveform_overviews_by_time", *_OF_LEVEL, WAVEFORM_OVERVIEWS.c.at_mono_ns, WAVEFORM_OVERVIEWS.c.until_mono_ns)
Index("waveform_overviews_by_end", *_OF_LEVEL, WAVEFORM_OVERVIEWS.c.upto_id)

PUMP_REPORTS = Table(
    "pump_reports",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("device"),
    _text("channel"),
    _text("state"),
    _number("rate_ml_per_h"),
    _number("infused_ml"),
    _number("to_infuse_ml"),
    _number("remaining_ml"),
    _number("time_left_s"),
    _number("pressure_percent"),
    Column("drug", Text),
    _number("concentration_mg_per_ml"),
    _number("dose_rate"),
    Column("dose_unit", Text),
    _number("battery_min"),
    Column("on_mains", Boolean),
    Column("interval_s", Double, nullable=False),
    _number("pressure_mmhg"),
    *_chained(),
)
Index("pump_reports_by_case", PUMP_REPORTS.c.case_id)

DEVICE_ALERTS = Table(
    "device_alerts",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("device"),
    _text("code"),
    _text("text"),
    _text("priority"),
    Column("active", Boolean, nullable=False),
    Column("technical", Boolean, nullable=False),
    _text("channel"),
)
Index("device_alerts_by_case", DEVICE_ALERTS.c.case_id)

LINK_STATES = Table(
    "link_states",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("device"),
    _text("state"),
    _text("detail"),
    Column("bad_frames", BigInteger, nullable=False),
)
Index("link_states_by_case", LINK_STATES.c.case_id)

ALARM_TRANSITIONS = Table(
    "alarm_transitions",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("condition"),
    _text("kind"),
    _text("priority"),
    _text("before"),
    _text("after"),
    _text("title"),
    _text("detail"),
    *_moment("since"),
    Column("metric", Text),
    _text("device"),
    _number("value"),
    _number("limit_value"),
    _text("by"),
    Column("returns", Integer),  # NULL for a new one
    *_chained(),
)
Index("alarm_transitions_by_case", ALARM_TRANSITIONS.c.case_id)

COMMANDS = Table(
    "commands",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),  # when it was given
    *_moment("event", nullable=True),  # when what it tells happened, for events and assessments
    _text("type"),
    Column("number", Integer),  # of an event, from 1, as corrections name it; NULL for all else and where refused
    _text("command"),  # JSON (setup_json.py)
    _text("by"),
    _text("refused"),
    *_chained(),
)
Index("commands_by_case", COMMANDS.c.case_id)

DOSE_REPORTS = Table(
    "dose_reports",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("device"),
    Column("state", Text),
    _number("rate_ml_per_h"),
    Column("stale", Boolean, nullable=False),
    _number("rate_mg_per_h"),
    _number("rate_mg_per_kg_h"),
    Column("given_mg", Double, nullable=False),
    Column("given_at_most_mg", Double, nullable=False),
    _number("empty_in_s"),
    *_moment("infusion_started", nullable=True),
    _number("planned_mg_per_h"),
    Column("step_number", Integer),
    Column("step_count", Integer, nullable=False),
    _number("next_step_mg_per_h"),
    _number("next_step_in_s"),
    _number("predicted_low_ng_per_ml"),
    _number("predicted_high_ng_per_ml"),
    *_chained(),
)
Index("dose_reports_by_case", DOSE_REPORTS.c.case_id)

GAPS = Table(
    "gaps",
    METADATA,
    _id(),
    _case(),
    _text("device"),
    _text("what"),
    _text("reason"),
    *_moment("since"),
    *_moment("until", nullable=True),
)
Index("gaps_by_case", GAPS.c.case_id)

SELF_REPORTS = Table(
    "self_reports",
    METADATA,
    _id(),
    _case(),
    *_moment("at"),
    _text("part"),
    Column("ok", Boolean, nullable=False),
    _text("text"),
)
Index("self_reports_by_case", SELF_REPORTS.c.case_id)

ARRIVALS = Table(
    "arrivals",
    METADATA,
    _id(),
    _case(),
    Column("run", Integer, nullable=False),
    Column("kinds", LargeBinary, nullable=False),  # arrivals.py
)
Index("arrivals_by_case", ARRIVALS.c.case_id)

SEALS = Table(
    "seals",
    METADATA,
    _case(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_moment("at"),
    _text("counts"),  # JSON: table, rows sealed before, rows that this one seals
    Column("marks", LargeBinary, nullable=False),  # seals.py
    Column("digest", LargeBinary, nullable=False),
    Column("chain_rows", BigInteger, nullable=False),
    Column("chain_head", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)


def _house_chained() -> tuple[Column[bytes], Column[bytes]]:
    """The hashes that join the rows of one table (``house.py``)."""
    return Column("prev_hash", LargeBinary, nullable=False), Column("hash", LargeBinary, nullable=False)


PEOPLE = Table(
    "people",
    HOUSE,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("at_utc_ns", BigInteger, nullable=False),
    _text("by"),
    _text("name"),
    _text("act"),  # people.py
    _text("role"),
    _text("secret"),  # argon2id, in its own encoding; empty where the act leaves it as it was
    *_house_chained(),
)

TOMBSTONES = Table(
    "tombstones",
    HOUSE,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("at_utc_ns", BigInteger, nullable=False),
    _text("by"),
    _text("uuid"),
    Column("started_utc_ns", BigInteger, nullable=False),
    Column("ended_utc_ns", BigInteger, nullable=False),
    _text("rows"),  # JSON: table, rows that went
    Column("chain_rows", BigInteger, nullable=False),
    Column("chain_head", LargeBinary, nullable=False),
    _text("kept_in"),  # the copy that was checked before; empty where none was asked for
    *_house_chained(),
)

FORWARDINGS = Table(
    "forwardings",
    METADATA,
    Column("uuid", Text, primary_key=True),
    Column("to_case", _ROW_ID, nullable=False),  # its number there; of a case that was deleted there it stays, so that it is not sent again
    _text("upto"),  # JSON: table, number of the last row of the bed's own record that is here (forwarding.py)
    Column("whole", Boolean, nullable=False),  # nothing of what the bed had then is missing
)
"""On a server alone: how far each case that a bed sends has come."""

BED_STATES = Table(
    "bed_states",
    METADATA,
    Column("bed", Text, primary_key=True),
    _text("core"),  # names the run of the core that speaks for this bed
    Column("heard_utc_ns", BigInteger, nullable=False),  # by the server's own clock
    _text("state"),  # JSON (bed_json.py)
)
"""On a server alone: the last word of each bed."""

CHAINED_TABLES = (PUMP_REPORTS, ALARM_TRANSITIONS, COMMANDS, DOSE_REPORTS)
"""Tables whose rows the audit chain joins."""

ADDED_COLUMNS = {"pump_reports": 1, "alarm_transitions": 1}
"""How many columns a chained table has grown at its end since the first revision: where such a one is NULL the hash leaves it out."""
