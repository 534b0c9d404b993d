"""How bytes become observations. Knows the clinical words; knows no screen and no database."""
