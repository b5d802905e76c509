"""Rectification tasks (整改任务): the points that were lost, what offices want to do about them, and what came of it."""
