"""The one message a host of ours may ever send to a Capnostat.

The module says nothing until it is asked to send its waveform, so without this there is nothing to read. It starts the
sending and changes nothing else: no zero, no ambient pressure, no gas compensation, no period of averaging, no time-out for
"no breath", no unit, no sleep, no reset. All of those are refused, even those a host is meant to set after power-up: what they
should be is not known here, and a wrong one falsifies every number. Nor is the sending ever stopped by us: another host on the
same line would lose its numbers.
"""

from __future__ import annotations

from devices.drivers.capnostat.frames import packed

START_WAVEFORM = packed(0x80, b"\x00")
ALLOWED = frozenset({START_WAVEFORM})


def may_send(message: bytes) -> bool:
    return message in ALLOWED
