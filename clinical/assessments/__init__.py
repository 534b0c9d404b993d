"""What the nurse looks at, asks and scores, and when."""
