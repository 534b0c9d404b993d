"""What is kept. The only package that knows SQLAlchemy."""
