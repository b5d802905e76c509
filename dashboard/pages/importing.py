"""Placeholder while the page is written."""
from dashboard.pages import View
def page(context, *rest):
    return View("importing", "importing", "…")
