"""A daemon whose events a test writes: the panel's own files, and an API in memory.

It tells as much a second as it is asked to, which no real queue does on a small machine.
"""

import datetime
import http.server
import json
import pathlib
import queue
import socketserver
import threading
import urllib.parse

PANEL = pathlib.Path(__file__).resolve().parents[3] / "Sources/Web/Panel"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; "
          "worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types kinospool-worker")


def now(offset=0.0):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=offset)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def job(id_, state="done", **fields):
    one = {"v": 1, "job_id": id_, "type": "RENDER", "state": state, "status": state.upper(), "progress": 0, "status_hint": None,
           "status_message": "", "output_urls": [], "artifacts": [], "error": None, "warnings": [], "params": {"prompt": id_, "seed": 1},
           "priority": 0, "attempt": 1, "remote_id": None, "remote_runs": [], "created_at": now(), "updated_at": now(),
           "started_at": now(), "finished_at": None, "heartbeat_at": None, "scheduled_for": None}
    return one | fields


class FakeDaemon:
    def __init__(self):
        self.jobs = {}
        self.listeners = []
        self.sequence = 0
        self.most_listeners = 0
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                fake.answer(self)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fake.send(self, 200, {})

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        for listener in self.listeners:
            listener.put(None)
        self.server.shutdown()

    def facts(self):
        states = [one["state"] for one in self.jobs.values()]
        return {"queued": states.count("queued"), "running": states.count("running"), "paused": False, "paid_paused": False}

    def tell(self, name, data):
        self.sequence += 1
        text = f"id: e.{self.sequence}\nevent: {name}\ndata: {json.dumps(data)}\n\n".encode()
        for listener in list(self.listeners):
            listener.put(text)

    def change(self, one):
        """A job as it is from now on, told to everybody."""
        self.jobs[one["job_id"]] = one
        told = {key: value for key, value in one.items() if key not in ("params", "remote_runs")}
        self.tell("job", told | {"prompt": one["params"].get("prompt", "")[:200]})

    def answer(self, request):
        path, _, query = request.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        if path == "/" or path.startswith("/panel/"):
            return self.send_file(request, PANEL / (pathlib.Path(path).name or "index.html"))
        if path == "/events":
            return self.stream(request)
        if path == "/jobs":
            return self.send_jobs(request, asked)
        if path.startswith("/jobs/") and path.split("/")[2] in self.jobs:
            return self.send(request, 200, self.jobs[path.split("/")[2]])
        if path == "/metrics":
            states = [one["state"] for one in self.jobs.values()]
            return self.send(request, 200, "".join(f'kinospool_jobs{{state="{name}"}} {states.count(name)}\n' for name in set(states)))
        if path == "/storage":
            return self.send(request, 200, {"free_bytes": 79e9, "total_bytes": 120e9, "minimum_free_bytes": 5e9, "low": False})
        if path == "/health":
            return self.send(request, 200, {"status": "ok", "runpod_connected": True})
        return self.send(request, 404, {"status": 404, "code": "not_found", "detail": "nothing here"})

    def send_jobs(self, request, asked):
        wanted = {"active": ["queued", "running"]}.get(asked.get("state"), [asked["state"]] if "state" in asked else None)
        some = sorted(self.jobs.values(), key=lambda one: (one["created_at"], one["job_id"]), reverse=True)
        some = [one for one in some if not wanted or one["state"] in wanted]
        start, limit = int(asked.get("cursor", 0)), int(asked.get("limit", 50))
        page = some[start:start + limit]
        asked["cursor"] = start + limit
        link = {"Link": f'</jobs?{urllib.parse.urlencode(asked)}>; rel="next"'} if len(page) == limit else {}
        self.send(request, 200, page, link)

    def send(self, request, status, value, headers=None):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        request.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, text)
        request.end_headers()
        request.wfile.write(body)

    def send_file(self, request, path):
        body = path.read_bytes()
        request.send_response(200)
        for name, text in (("Content-Type", TYPES[path.suffix]), ("Content-Length", str(len(body))), ("Content-Security-Policy", POLICY)):
            request.send_header(name, text)
        request.end_headers()
        request.wfile.write(body)

    def stream(self, request):
        listener = queue.SimpleQueue()
        self.listeners.append(listener)
        self.most_listeners = max(self.most_listeners, len(self.listeners))
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Connection", "close")
        request.end_headers()
        request.close_connection = True
        try:
            request.wfile.write(f"retry: 2000\n\nid: e.{self.sequence}\nevent: queue\ndata: {json.dumps(self.facts())}\n\n".encode())
            while (text := listener.get()) is not None:
                request.wfile.write(text)
        except OSError:
            pass
        finally:
            self.listeners.remove(listener)
