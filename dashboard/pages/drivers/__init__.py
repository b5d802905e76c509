"""What goes with overall happiness."""
