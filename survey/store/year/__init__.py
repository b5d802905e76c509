"""What a year holds: register, plans, schemes, indicator values, steps, titles, tasks, results."""
