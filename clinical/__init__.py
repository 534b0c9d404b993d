"""What is true whatever the screen, the wire and the database are. Imports nothing of ours; no clock, thread, file or port."""
