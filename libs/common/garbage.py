"""How often this process looks for garbage: seldom, and never among what it was built from.

Python's collector walks everything alive again and again while a batch of rows is made. What a process is built from
(modules, routes, schemas) lives as long as it does, and rows are freed without any collector. To leave the first alone
and to come seldom halved the CPU of a batch (`docs/performance.md`).
"""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 50


def seldom_collected() -> None:
    """To be called once by each process, when it is built and before it works."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
