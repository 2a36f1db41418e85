"""A page for people that lists what the partners were given, newest first."""

import json
import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from libs.common.testing.partners.mail import MailPartner
from libs.common.testing.partners.sms import SmsPartner

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>What was sent</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem }}
article {{ border: 1px solid #bbb; border-radius: .5rem; margin: 1rem 0; padding: .75rem 1rem }}
header {{ color: #555 }}
p {{ margin: .25rem 0 0; overflow-wrap: anywhere; white-space: pre-wrap }}
</style>
<h1>What was sent</h1>
<h2>SMS ({sms_count})</h2>
{sms}
<h2>Mail ({mail_count})</h2>
{mail}
</html>
"""
ENTRY = "<article><header>{head}</header><p>{text}</p></article>"


def sent_items(sms: SmsPartner, mail: MailPartner) -> dict[str, list[dict[str, str]]]:
    """What both were given, newest first, as plain texts."""
    return {
        "sms": [
            {
                "at": one.sent_at.isoformat(),
                "to": one.phone,
                "key": one.out_id,
                "head": f"{one.template_code} {one.sign_name}",
                "text": one.text or json.dumps(one.variables, ensure_ascii=False),
            }
            for one in reversed(list(sms.sent))
        ],
        "mail": [
            {
                "at": str(one.message["Date"] or ""),
                "to": ", ".join(one.recipients),
                "key": one.message_id,
                "head": one.subject,
                "text": one.text,
            }
            for one in reversed(list(mail.received))
        ],
    }


def page(sms: SmsPartner, mail: MailPartner) -> str:
    """The list as HTML; nothing in a message can become markup."""
    items = sent_items(sms, mail)
    entries = {
        kind: "\n".join(
            ENTRY.format(head=escape(" · ".join((item["at"], item["to"], item["head"]))), text=escape(item["text"]))
            for item in listed
        )
        or "<p>Nothing yet.</p>"
        for kind, listed in items.items()
    }
    return PAGE.format(sms_count=len(items["sms"]), mail_count=len(items["mail"]), **entries)


class View(ThreadingHTTPServer):
    """`/` is the page, `/sent.json` the same for programs."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], sms: SmsPartner, mail: MailPartner) -> None:
        self.sms = sms
        self.mail = mail
        super().__init__(address, _Request)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> "View":
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Request(BaseHTTPRequestHandler):
    server: View
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(200, "text/html", page(self.server.sms, self.server.mail))
        elif self.path == "/sent.json":
            items = sent_items(self.server.sms, self.server.mail)
            self._answer(200, "application/json", json.dumps(items, ensure_ascii=False))
        else:
            self._answer(404, "text/plain", "There is only / and /sent.json\n")

    def log_message(self, *_: object) -> None:
        """Silent: the page reloads itself every few seconds."""

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
