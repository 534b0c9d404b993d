"""Fonts, icons, presets, ladders, scenarios and recordings that ship with the program."""
