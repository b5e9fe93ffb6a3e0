"""What runs mean: verdicts, statistics over seeds, studies and claims."""
