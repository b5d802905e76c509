"""The tables and the transactions: one module a concern, each plain functions on a connection.

>>> store = Store.open("xingfu.db", create=True)
>>> with store.write() as conn:
...     settings.put(conn, "timezone", "Asia/Shanghai")
"""

from survey.store.engine.database import Store

__all__ = ["Store"]
