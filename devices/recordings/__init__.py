"""Real recordings, played as if they were live."""
