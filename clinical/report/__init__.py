"""The case on paper, as values: what a report and a hand-over note say. Knows no page, no file and no database."""
