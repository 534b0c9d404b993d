"""Predicted concentration of a drug in the body. Estimates, always shown with a band."""
