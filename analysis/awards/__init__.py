"""Money and targets: what a title pays and who pays it, what a year will cost, how many communities are where."""
