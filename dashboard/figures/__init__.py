"""Figures as plain values: pure functions of service data, no component and no plotly object."""
