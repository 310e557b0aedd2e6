"""A receiver of webhooks that believes only the reference library: webhook_peer.py SECRET FILE

Prints its port. Every verified webhook becomes one line in FILE: its id, then its body. A bad signature is answered
with 400 and becomes a line that begins with BAD.
"""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

secret, path = sys.argv[1:]
webhook = Webhook(secret)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
            line, status = f"{self.headers['webhook-id']} {body.decode()}", 204
        except WebhookVerificationError as error:
            line, status = f"BAD {error} {body!r}", 400
        with open(path, "a") as file:
            file.write(line + "\n")
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
