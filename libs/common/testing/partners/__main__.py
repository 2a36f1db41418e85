"""Runs the SMS provider, the mail server and the page that lists what they were given, until interrupted."""

import argparse
import signal
import sys
import threading

from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner
from libs.common.testing.partners.view import View


def main(words: list[str] | None = None, until: threading.Event | None = None) -> None:
    """Serve until SIGINT or SIGTERM, or until the event given. Port 0 takes a free one; all are printed."""
    settings = arguments().parse_args(words)
    ended = until or ended_by_signal()
    host = settings.host
    with (
        SmsPartner(host=host, port=settings.sms_port) as sms,
        MailPartner(host=host, port=settings.smtp_port) as mail,
    ):
        view = View((host, settings.view_port), sms, mail).start()
        sys.stdout.write(f"sms {sms.url}\nsmtp {host}:{mail.port}\nsent http://{host}:{view.port}/\n")
        sys.stdout.flush()
        ended.wait()
        view.stop()


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m libs.common.testing.partners", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    for name in ("sms", "smtp", "view"):
        parser.add_argument(f"--{name}-port", type=int, default=0, metavar="PORT")
    return parser


def ended_by_signal() -> threading.Event:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended


if __name__ == "__main__":
    main()
