"""Settings are read, checked, and refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, database_url, load_settings


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.toml") == Settings()


def test_a_site_sets_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('bed = "3"\ntheme = "night"\npx_per_mm = 4\nmedications = ["ondansetron 4 mg IV"]\n')
    assert load_settings(path) == Settings(bed="3", theme="night", px_per_mm=4, medications=("ondansetron 4 mg IV",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bed = ", "Invalid value"),
        ("bett = 1", "bett is not a setting"),
        ("bed = 3", "bed must be str"),
        ('theme = "dusk"', "day or night"),
        ("effect_site_half_life_min = 0", "must be above 0 and up to 60"),
        ("effect_site_half_life_min = true", "effect_site_half_life_min must be int or float"),
        ("concentration_needs_two = 1", "concentration_needs_two must be bool"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=says) as refused:
        load_settings(path)
    assert str(path) in str(refused.value)


def test_a_database_given_is_taken_as_it_is() -> None:
    assert database_url("postgresql://clinic/bedside") == "postgresql://clinic/bedside"
