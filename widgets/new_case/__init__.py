"""The six cards of a new case. Each knows its own fields and whether it is done; none knows another."""
