"""Receives what `gitreg notify --to webhook` sends: checks who sent it, and acts on each event once.

GITREG_WEBHOOK_SECRET=whsec_... python receiver.py 8080
"""

import base64
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["GITREG_WEBHOOK_SECRET"]
KEY = base64.b64decode(SECRET[6:]) if SECRET.startswith("whsec_") else SECRET.encode()
LARGEST = 1 << 20  # bytes
OLDEST = 300  # seconds: what is older may be somebody's copy
SEEN: set[str] = set()  # a real receiver keeps them in its database


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what is signed, and 401 to all else."""

    def do_POST(self) -> None:
        """Take one event."""
        body = self.rfile.read(max(0, min(int(self.headers.get("Content-Length", "0")), LARGEST)))
        name, sent = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "0")
        digest = hmac.digest(KEY, f"{name}.{sent}.".encode() + body, "sha256")
        expected = "v1," + base64.b64encode(digest).decode()
        given = self.headers.get("webhook-signature", "").split()
        signed = any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)
        fresh = signed and abs(time.time() - int(sent)) < OLDEST
        if fresh and name not in SEEN:
            SEEN.add(name)
            event = json.loads(body)
            data = event["data"]
            print(event["type"], data["artifact"], data["version"], data["stage"], flush=True)  # deploy here
        self.send_response(204 if fresh else 401)
        self.end_headers()


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
