"""MOAA/S, the Modified Observer's Assessment of Alertness/Sedation, in its form of 0 to 5. A form of 1 to 6 is never mixed with it."""

from __future__ import annotations

from clinical.assessments.scales import Scale, graded

MOAAS = Scale(
    name="MOAA/S",
    grades=graded(
        (5, "ready", "responds readily to the name in a normal tone"),
        (4, "lethargic", "lethargic response to the name in a normal tone"),
        (3, "loud name", "responds only after the name is called loudly or repeatedly"),
        (2, "prodding", "responds only after mild prodding or shaking"),
        (1, "no prodding", "does not respond to mild prodding or shaking"),
        (0, "no pain", "does not respond to pain"),
    ),
    source="table in Thorax; scale of 0 to 5",
    note="Some papers use a form of 1 to 6: its scores are not comparable.",
)
