"""Collected frames of other origins, where they lie beside the project: every one that is good is read, every bad one refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from devices.drivers.alaris.frames import FrameReader as AlarisReader
from devices.drivers.alaris.frames import check_of
from devices.drivers.alaris.requests import may_send as alaris_may_send
from devices.drivers.ap4000.frames import FrameReader as Ap4000Reader
from devices.drivers.dianet.frames import FrameReader as DianetReader
from devices.drivers.new_era.frames import ReplyReader
from devices.drivers.terumo.frames import PacketReader
from devices.drivers.vial.frames import FrameReader as VialReader

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors" / "pumps"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the collected vectors do not lie beside this project")

READERS = {
    "alaris_asena/frames.json": AlarisReader,
    "fresenius_vial/frames.json": VialReader,
    "new_era/frames.json": ReplyReader,
    "terumo_terufusion/frames.json": PacketReader,
    "dianet_star/derived.json": DianetReader,
    "neurowave_ap4000/frames.json": Ap4000Reader,
}
REQUESTS = {"SAF0", "DIS"}
"""Of New Era's vectors these go to the pump; the reader is the host's."""


def collected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", READERS)
def test_every_good_frame_is_read(name: str) -> None:
    reader = READERS[name]()
    frames = [row for row in collected(name)["frames"] if not REQUESTS & set(row.get("text", "").replace("<", " ").split())]
    assert frames
    for row in frames:
        assert len(reader.feed(bytes.fromhex(row["hex"]))) == 1, row
    assert reader.bad == 0


def test_bad_alaris_frames_are_refused_and_control_may_not_be_sent() -> None:
    book = collected("alaris_asena/frames.json")
    for row in book["negative"]:
        assert AlarisReader().feed(row["text"].replace("<CR>", "\r").encode()) == []
    control = [bytes.fromhex(row["hex"]) for row in book["frames"] if "CONTROL" in row["kind"]]
    assert len(control) >= 8
    assert not any(alaris_may_send(message) for message in control)
    for row in book["seccodes"]:
        assert check_of(row["serial"].encode()).decode() == row["seccode"], "known, so that it is recognised and never sent"
