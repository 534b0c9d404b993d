"""What comes in from elsewhere, and is not trusted."""
