"""RASS, the Richmond Agitation–Sedation Scale: its words and how it is taken. Says nothing of what follows from a score."""

from __future__ import annotations

from clinical.assessments.scales import Scale, graded

PROCEDURE = (
    "Watch: alert, restless or agitated?",
    "Not alert: say the name and ask to open the eyes and look at you; once again if need be.",
    "No response to voice: shake the shoulder, then rub the breastbone.",
)

RASS = Scale(
    name="RASS",
    grades=graded(
        (4, "combative", "overtly combative or violent, a danger to staff"),
        (3, "very agitated", "pulls at or removes tubes, or aggressive"),
        (2, "agitated", "frequent movement without purpose, or fights the ventilator"),
        (1, "restless", "anxious, movements not aggressive"),
        (0, "calm", "alert and calm"),
        (-1, "drowsy", "not fully alert, eye contact to voice for more than 10 s"),
        (-2, "light", "eye contact to voice for less than 10 s"),
        (-3, "moderate", "any movement to voice, no eye contact"),
        (-4, "deep", "no response to voice, movement to physical stimulation"),
        (-5, "unrousable", "no response to voice or physical stimulation"),
    ),
    source="Richmond Agitation–Sedation Scale, as printed by Stanford and by the Scottish Intensive Care Society; SNOMED CT 1345050000",
    signed=True,
)
