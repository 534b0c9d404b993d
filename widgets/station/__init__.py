"""What the screen for several beds is made of."""
