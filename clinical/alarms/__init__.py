"""The alarm system after IEC 60601-1-8: conditions, presence, signals. Pure: ``now`` is always passed in."""
