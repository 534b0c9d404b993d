"""One folder a model. Drivers are strangers to one another."""
