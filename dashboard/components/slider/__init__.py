"""A slider for a hyperparameter, with the exact value beside it."""
