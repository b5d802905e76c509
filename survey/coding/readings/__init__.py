"""What is said of readings that are proposed: the questions about them, and which of them this sender was asked before."""
