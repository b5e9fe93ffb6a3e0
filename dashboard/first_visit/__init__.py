"""The strip of a first visit: three small experiments with the learning rate."""
