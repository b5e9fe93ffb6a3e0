"""What the page of claims is made of: its settings, its job, its picture and its cards."""
