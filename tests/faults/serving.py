"""`python -m tests.faults.serving DATA PORT`: what `deploy.run all --bare` serves, by a clock that can be moved."""

import os
import sys
from pathlib import Path

from deploy import embedded


def main(data: Path, port: int) -> None:
    environ = embedded.environment(data, port, **{name: os.environ[name] for name in ("SMTP_URL", "ALIYUN_ENDPOINT")})
    environ |= embedded.with_a_movable_clock(environ)
    embedded.prepare(environ)
    embedded.Server(environ, port).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
