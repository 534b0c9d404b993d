"""A case on paper: takes frozen values of ``clinical.report`` and paints pages on any paged device. Knows no file, database or case."""
