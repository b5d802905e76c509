"""One community beside another side, line by line: which sides there are, and what differs beyond chance."""
