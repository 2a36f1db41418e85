"""How gunicorn serves a service: one process a core, threads for the waiting, clean ends."""

import os
from typing import Any

from libs.common.garbage import seldom_collected

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 35
graceful_timeout = 25
keepalive = 75
max_requests = 50_000
max_requests_jitter = 5_000
accesslog = None
control_socket_disable = True


def post_worker_init(_worker: Any) -> None:
    seldom_collected()
