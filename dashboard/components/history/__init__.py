"""What a visitor tried, as the browser keeps and lists it."""
