"""The simulated patient: what the pump really delivered moves the level, the level moves the numbers, the numbers move the waveforms."""
