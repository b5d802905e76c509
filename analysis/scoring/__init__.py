"""300 points, 700 points, total, stars, ranks, change: the ``Results`` of one year."""
