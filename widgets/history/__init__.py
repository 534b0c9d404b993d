"""The page that looks back: waveforms, trends, dose, events and alarms of a stretch on one time axis."""
