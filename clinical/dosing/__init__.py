"""The order, its ladder of steps, and what was given of it."""
