"""What has been published of ketamine infusions for CRPS and chronic pain, to stand beside a clinic's own figures.

Every row was read in an abstract or a registry, not in a paper's methods. Populations, drugs and doses differ: a row beside one's
own figure is no comparison of groups.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One figure.

    Attributes:
        about: which of our figures it stands beside: "change", "duration", "side effects", "dose".
        regimen: drug, dose and setting in a few words.
        marks: where the figure lies on our scale, where it has a place there: (of what, value), "points" of pain lower, "mg" an
            infusion, or a share of 1 and what it is of.
    """

    about: str
    regimen: str
    figure: str
    source: str
    marks: tuple[tuple[str, float], ...] = ()


PUBLISHED = (
    Published(
        about="dose",
        regimen="racemate, outpatient, 4 h a day for 10 days, with clonidine and midazolam",
        figure="at most 0.35 mg/kg/h, not above 25 mg/h (100 mg in 4 h)",
        source="Schwartzman 2009, Pain, 10.1016/j.pain.2009.08.015 (abstract)",
        marks=(("mg", 100.0),),
    ),
    Published(
        about="dose",
        regimen="racemate, outpatient, 10 days, open",
        figure="40–80 mg an infusion",
        source="Goldberg 2005, PubMed 16850072 (abstract)",
        marks=(("mg", 40.0), ("mg", 80.0)),
    ),
    Published(
        about="change",
        regimen="racemate, inpatient, 10 to 40 mg/h over 5 days, n = 16",
        figure="mean pain 8–9 to 3–5; 37 % without change of their worst pain",
        source="Goldberg 2010, PMC2950807 (abstract)",
    ),
    Published(
        about="change",
        regimen="S-ketamine, inpatient, 4.2 days, 22.2 ± 2.0 mg/h/70 kg at the end, n = 30 + 30",
        figure="lowest pain in week 1: 2.68 ± 0.51, with placebo 5.45 ± 0.48",
        source="Sigtermans 2009, Pain, 10.1016/j.pain.2009.06.023 (abstract)",
    ),
    Published(
        about="change",
        regimen="racemate, outpatient, 369 infusions in 49 patients, 18 with CRPS; midazolam and ondansetron before",
        figure="VAS lower by 5.9; in CRPS by 7.2",
        source="Patil and Anitescu 2012, PubMed 21939497 (abstract)",
        marks=(("points", 5.9), ("points", 7.2)),
    ),
    Published(
        about="change",
        regimen="racemate, outpatient, 0.2, 0.4, 0.6 mg/kg/h for 4 h on days 1, 2, 3, n = 34",
        figure="NRS fell more at 0.6 mg/kg/h",
        source="Rema 2012, report of an abstract of AAPM 2012",
    ),
    Published(
        about="duration",
        regimen="S-ketamine, inpatient, 4.2 days",
        figure="effect lost at week 12",
        source="Sigtermans 2009, Pain, 10.1016/j.pain.2009.06.023 (abstract)",
    ),
    Published(
        about="side effects",
        regimen="S-ketamine, inpatient, 4.2 days",
        figure="psychomimetic effects in 76 %, with placebo in 18 %",
        source="Sigtermans 2009, Pain, 10.1016/j.pain.2009.06.023 (abstract)",
        marks=(("psychomimetic", 0.76),),
    ),
    Published(
        about="side effects",
        regimen="racemate, outpatient, 0.2 to 0.6 mg/kg/h, n = 34",
        figure="no significant difference in pressure, heart rate or nausea between the doses",
        source="Rema 2012, report of an abstract of AAPM 2012",
    ),
)
