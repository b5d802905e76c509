"""A program that writes to a store, run by tests as a process of its own: WHERE NUMBER BATCHES HOW.

HOW ``announce``: says ``ready`` when it begins.  HOW ``hang``: stops inside the transaction of its last batch,
says ``hanging``, and waits to be killed.
"""

from __future__ import annotations

import sys
import time

from survey.store import Store
from survey.store.intake import responses
from tests.tools.stores import store_data

ROWS = 50


def write_batches(where: str, number: int, count: int, hang: bool = False) -> None:
    store = Store.open(where)
    for k in range(number * 1000, number * 1000 + count):
        with store.write() as conn:
            form, batch = store_data.begin(conn, k)
            responses.append(conn, batch, form.id, store_data.block(ROWS, start=k * ROWS))
            if hang and k == number * 1000 + count - 1:
                print("hanging", flush=True)
                time.sleep(60)
    store.close()


if __name__ == "__main__":
    where, number, count, how = sys.argv[1:]
    if how == "announce":
        print("ready", flush=True)
    write_batches(where, int(number), int(count), hang=how == "hang")
