"""Where this machine keeps its cases and its site data, and what it remembers between starts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_dir, user_data_dir

NAME = "bedside"
LONGEST_KE0_MIN = 60.0
PAPERS = ("a4", "letter")
SEDATION = ("RASS", "POSS", "MOAA/S")


class SettingsError(Exception):
    """The settings file cannot be used; the text says which line and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a site may set in ``settings.toml``.

    Attributes:
        bed: number or name of this bed.
        preset: the alarm preset that a new case begins with.
        px_per_mm: of this screen, measured with a ruler; None: what the system says of it.
        theme: "day" or "night".
        medications: the list that one tap offers, as the site writes it.
        sedation: the scale that rounds ask for: RASS, POSS or MOAA/S.
        melodies: alarms sound with the notes of what they are about, instead of one pitch for each priority.
        effect_site_half_life_min: t½ke0 with which an effect site is assumed and drawn; None: none is. No model here came with one.
        concentration_needs_two: whoever types a concentration gives a name, and the two are two people; both names are recorded.
        paper: of reports, "a4" or "letter".
        database: SQLAlchemy URL of where cases are kept; empty: SQLite in the user's data folder.
        hand_probes: the temperature probes T1 and T2 of a monitor lie on the right and the left hand, whatever it calls them.
        lock_after_min: whoever signed in is signed out after so many minutes without a touch; 0: never.
    """

    bed: str = "1"
    preset: str = "adult-ketamine"
    px_per_mm: float | None = None
    theme: str = "day"
    medications: tuple[str, ...] = ("ondansetron 4 mg IV", "midazolam 1 mg IV", "clonidine 0.1 mg PO", "glycopyrrolate 0.2 mg IV")
    sedation: str = "RASS"
    melodies: bool = False
    effect_site_half_life_min: float | None = None
    concentration_needs_two: bool = False
    paper: str = "a4"
    database: str = ""
    lock_after_min: float = 0.0
    hand_probes: bool = False


def data_folder() -> Path:
    """The user's own; made if it is not there yet."""
    folder = Path(user_data_dir(NAME, appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def site_folder() -> Path:
    """Where a site's presets, ladders and settings lie; it need not exist."""
    return Path(user_config_dir(NAME, appauthor=False))


def database_url(given: str | None) -> str:
    """The database named on the command line, or by the site, or SQLite in the user's data folder. Raises SettingsError."""
    return given or load_settings().database or f"sqlite:///{data_folder() / 'bedside.sqlite'}"


_KINDS: dict[str, tuple[type, ...]] = {
    "bed": (str,),
    "preset": (str,),
    "px_per_mm": (int, float),
    "theme": (str,),
    "medications": (list,),
    "sedation": (str,),
    "melodies": (bool,),
    "effect_site_half_life_min": (int, float),
    "concentration_needs_two": (bool,),
    "paper": (str,),
    "database": (str,),
    "lock_after_min": (int, float),
    "hand_probes": (bool,),
}


def load_settings(path: Path | None = None) -> Settings:
    """The site's settings; the defaults where there is no file. Raises SettingsError."""
    path = path or site_folder() / "settings.toml"
    if not path.is_file():
        return Settings()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return Settings(**{key: _checked(path, key, value) for key, value in table.items()})


def _checked(path: Path, key: str, value: object) -> Any:
    if key not in _KINDS:
        raise SettingsError(f"{path}: {key} is not a setting; there are: {', '.join(_KINDS)}")
    if not isinstance(value, _KINDS[key]) or (isinstance(value, bool) and bool not in _KINDS[key]):
        raise SettingsError(f"{path}: {key} must be {' or '.join(kind.__name__ for kind in _KINDS[key])}, not {value!r}")
    if key == "effect_site_half_life_min" and not 0 < value <= LONGEST_KE0_MIN:  # type: ignore[operator] # its kind was checked above
        raise SettingsError(f"{path}: effect_site_half_life_min must be above 0 and up to {LONGEST_KE0_MIN:g}, not {value!r}")
    if key == "theme" and value not in {"day", "night"}:
        raise SettingsError(f"{path}: theme must be day or night, not {value!r}")
    if key == "lock_after_min" and not 0 <= float(str(value)) <= 24 * 60:
        raise SettingsError(f"{path}: lock_after_min must be a number of minutes from 0 (never) to 1440, not {value!r}")
    if key == "sedation" and value not in SEDATION:
        raise SettingsError(f"{path}: sedation must be {' or '.join(SEDATION)}, not {value!r}")
    if key == "paper" and value not in PAPERS:
        raise SettingsError(f"{path}: paper must be {' or '.join(PAPERS)}, not {value!r}")
    return tuple(str(item) for item in value) if isinstance(value, list) else value
