"""The tables by what they are for; whoever needs one takes it from ``tables``."""
