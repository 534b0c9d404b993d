"""What is seen. Knows Qt and the clinical words; knows no port, no database and no process."""
