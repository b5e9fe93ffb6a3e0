"""Terms of the field, marked where our own sentences mention them, each with its explanation."""
