"""`bedside alarms RECORDING`: which alarms a recording gives, line by line, and the burden. Nothing is stored."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from app.cli.recordings import opened
from app.cli.running import AS_FAST_AS_IT_GOES, pace_of, site_told_in_one_line, speed_of
from app.settings import load_settings, site_folder
from clinical.alarm_model import AlarmTransition, AudioState
from clinical.alarms.burden import Burden, burden_of
from clinical.instant import Instant
from clinical.messages import Outcome

if TYPE_CHECKING:
    from devices.recordings.recording import Recording


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recording",
        metavar="RECORDING",
        help="a file (.hea, .vital, .csv, .csv.gz), a folder whose files belong together, or their common beginning",
    )
    parser.add_argument("--preset", metavar="P", help="name of the alarm preset (default: the site's)")
    parser.add_argument("--speed", type=speed_of, default=AS_FAST_AS_IT_GOES, metavar="N|max", help="default: max; the output is the same")
    parser.add_argument("--json", action="store_true", help="JSON Lines: a transition a line, the burden last")


def run(args: argparse.Namespace) -> int:
    recording = opened(args.recording)
    log = Log(as_json=args.json)
    begin, end = play_through(recording, args.preset, args.speed, log)
    burden = burden_of(log.transitions, log.audio, begin, end)
    print(json.dumps({"burden": asdict(burden)}) if args.json else told(burden))
    return 0


@dataclass(slots=True)
class Log:
    """Hears every outcome, prints each transition, and keeps what the burden is reckoned from."""

    as_json: bool
    transitions: list[AlarmTransition] = field(default_factory=list)
    audio: list[tuple[Instant, AudioState]] = field(default_factory=list)

    def hear(self, outcome: Outcome) -> None:
        if outcome.audio is not None:
            self.audio.append((outcome.message.at, outcome.audio))
        for step in outcome.transitions:
            self.transitions.append(step)
            print(_as_json(step) if self.as_json else _as_line(step))


def play_through(recording: Recording, preset: str | None, speed: float, log: Log) -> tuple[Instant, Instant]:
    """The recording through the ordinary inlet and monitor; its first and last moment. Raises CommandError."""
    from app.core.headless import VIRTUAL_START  # noqa: PLC0415 (database and more: only when something is run)
    from app.core.spine import Spine  # noqa: PLC0415 (as above)
    from app.core.virtual_run import VirtualRun  # noqa: PLC0415 (as above)
    from app.setups import replay_setup  # noqa: PLC0415 (as above)
    from app.site_data import SiteData  # noqa: PLC0415 (as above)
    from clinical.commands import StartCase  # noqa: PLC0415 (as above)
    from clinical.messages import FromOperator  # noqa: PLC0415 (as above)
    from clinical.monitor import Monitor  # noqa: PLC0415 (as above)
    from devices.recordings.play import play  # noqa: PLC0415 (as above)

    with site_told_in_one_line():
        settings = load_settings()
        settings = settings if preset is None else replace(settings, preset=preset)
        site = SiteData(site_folder())
        setup = replay_setup(recording, site, settings, VIRTUAL_START)
        if preset is not None:  # named by hand: another in its place would answer another question
            site.load_preset(preset)
    if setup.preset.refused:
        print(f"bedside: {setup.preset.refused}", file=sys.stderr)
    spine = Spine(Monitor(), log.hear)
    spine.take(FromOperator(VIRTUAL_START, StartCase(setup=setup)))
    until = VIRTUAL_START.plus(recording.length_s)
    VirtualRun(spine, lambda: None, VIRTUAL_START, lambda _done_s: None, pace_of(speed)).replay(play(recording, VIRTUAL_START), until)
    return VIRTUAL_START, until


def told(burden: Burden) -> str:
    """The burden in a few lines."""
    response = "none acknowledged" if burden.response_s is None else f"median response {burden.response_s:.0f} s"
    return (
        f"{burden.new} new alarms in {burden.hours:.2f} h ({burden.new_per_hour:.2f}/h): "
        f"{burden.physiological} physiological, {burden.technical} technical\n"
        f"{burden.returned} returned, {burden.worsened} worsened, {burden.self_cleared} ended by themselves within 15 s\n"
        f"in alarm {burden.in_alarm_s:.0f} s, sound paused {burden.silenced_s:.0f} s, {response}"
    )


def _as_line(step: AlarmTransition) -> str:
    alarm = step.alarm
    change = f"{step.before.value} → {alarm.presence.value}"
    text = f"{alarm.title} · {alarm.detail}" if alarm.detail else alarm.title
    return f"{step.at.iso()}  {alarm.priority.value:<6}  {change:<20}  {text}  [{alarm.condition}]"


def _as_json(step: AlarmTransition) -> str:
    alarm = step.alarm
    told = {
        "at": step.at.iso(),
        "condition": alarm.condition,
        "kind": alarm.kind.value,
        "priority": alarm.priority.value,
        "before": step.before.value,
        "after": alarm.presence.value,
        "title": alarm.title,
        "detail": alarm.detail,
        "value": alarm.value,
        "limit": alarm.limit,
        "returns": alarm.returns,
    }
    return json.dumps(told, ensure_ascii=False)
