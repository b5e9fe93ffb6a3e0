"""What the page of studies is made of: its settings, plans, figures and tables."""
