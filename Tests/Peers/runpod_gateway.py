"""A RunPod endpoint between its clients and RunPod's own worker, which it starts: two sides of URLs, a table of runs.

Prints its port, then a line for each thing that happens: "run", "take", "progress", "stop", "end" and "late"
with the run's name.
Each line of its standard input becomes the name of an empty file; where it ends the gateway ends, and the worker with
it. Only what the tests need: one endpoint, one worker.

    runpod_gateway.py KEY HANDLER
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY, HANDLER = sys.argv[1:3]
FINAL = ("COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT")
LIMIT = 10 << 20
runs, files, changed = {}, {}, threading.Condition()


def say(*words):
    print(*words, flush=True)


class Gateway(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value=None, body=b"", kind="application/json"):
        if value is not None:
            body = json.dumps(value).encode()
        self.send_response(status)
        # The worker takes no job from an answer of any other type, and says so in its debug log alone.
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def parts(self):
        return self.path.split("?")[0].strip("/").split("/")

    def is_client(self):
        if self.headers.get("Authorization") == f"Bearer {KEY}":
            return True
        self.answer(401)
        return False

    def do_GET(self):
        parts = self.parts()
        if parts[0] == "files":
            film = files.get(parts[1])
            return self.answer(404) if film is None else self.answer(200, body=film, kind="video/mp4")
        kind = parts[2]
        if kind == "job-take":
            return self.take()
        if kind == "job-stop":
            return self.stop_worker()
        if kind == "ping":
            return self.answer(200)
        if not self.is_client():
            return None
        with changed:
            if kind == "status" and parts[3] in runs:
                return self.answer(200, shown(runs[parts[3]]))
            if kind == "requests":
                return self.answer(200, {"requests": [dict(shown(run), input=run["input"]) for run in runs.values()]})
            if kind == "health":
                return self.answer(200, health())
        return self.answer(404, {"error": "job not found"})

    def do_PUT(self):
        files[self.parts()[1]] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_POST(self):
        parts = self.parts()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = parts[2]
        if kind == "job-done":
            return self.done(parts[4], body)
        if not self.is_client():
            return None
        if kind in ("run", "runsync"):
            if len(body) > LIMIT:
                return self.answer(400, {"error": "bad request: body: exceeded max body size of 10MiB"})
            return self.submit(json.loads(body)["input"], waits=kind == "runsync")
        with changed:
            if kind == "purge-queue":
                waiting = [run for run in runs.values() if run["status"] == "IN_QUEUE"]
                for run in waiting:
                    end(run, "CANCELLED")
                return self.answer(200, {"removed": len(waiting), "status": "completed"})
            run = runs.get(parts[3])
            if kind == "cancel" and run:
                if run["status"] not in FINAL:
                    run["stops"] = run["status"] == "IN_PROGRESS"
                    end(run, "CANCELLED")
                return self.answer(200, shown(run))
        return self.answer(404, {"error": "job not found"})

    def submit(self, value, waits):
        with changed:
            name = f"run-{len(runs) + 1}-u1"
            run = runs[name] = {"id": name, "status": "IN_QUEUE", "input": value, "since": time.monotonic()}
            say("run", name)
            changed.notify_all()
            if waits:
                changed.wait_for(lambda: run["status"] in FINAL, 90)
            return self.answer(200, shown(run))

    # The worker's side.

    def take(self):
        with changed:
            def waiting():
                return next((run for run in runs.values() if run["status"] == "IN_QUEUE"), None)
            changed.wait_for(waiting, 10)
            run = waiting()
            if run is None:
                return self.answer(204)
            run["status"] = "IN_PROGRESS"
            run["delayTime"] = int((time.monotonic() - run["since"]) * 1000)
            run["workerId"] = "w1"
            run["since"] = time.monotonic()
            say("take", run["id"])
            return self.answer(200, {"id": run["id"], "input": run["input"]})

    def stop_worker(self):
        with changed:
            def stopped():
                return [run["id"] for run in runs.values() if run.get("stops")]
            changed.wait_for(stopped, 10)
            names = stopped()
            for name in names:
                runs[name]["stops"] = False
                say("stop", name)
            return self.answer(200, {"jobsToStop": names}) if names else self.answer(204)

    def done(self, name, body):
        with changed:
            run = runs.get(name)
            if run is None or run["status"] in FINAL:
                say("late", name)
                return self.answer(200, {})
            if len(body) > LIMIT:
                # As the real one: the worker is refused and only logs it, so nobody has a result.
                run["error"] = "result exceeded the limit"
                end(run, "FAILED")
                return self.answer(400, {"error": "bad request: body: exceeded max body size"})
            value = json.loads(body)
            if value.get("status") == "IN_PROGRESS":
                run["output"] = value.get("output")
                say("progress", name)
            else:
                run.pop("output", None)
                run.update({key: value[key] for key in ("output", "error") if key in value})
                end(run, "FAILED" if "error" in value else "COMPLETED")
        return self.answer(200, {})


def end(run, status):
    if run["status"] == "IN_PROGRESS":
        run["executionTime"] = int((time.monotonic() - run["since"]) * 1000)
    run["status"] = status
    say("end", run["id"], status)
    changed.notify_all()


def shown(run):
    return {key: value for key, value in run.items() if key not in ("input", "since", "stops")}


def health():
    states = [run["status"] for run in runs.values()]
    return {
        "jobs": {
            "completed": states.count("COMPLETED"), "failed": states.count("FAILED"),
            "inProgress": states.count("IN_PROGRESS"), "inQueue": states.count("IN_QUEUE"), "retried": 0},
        "workers": {"idle": 1, "initializing": 0, "ready": 1, "running": 0, "throttled": 0, "unhealthy": 0}}


server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_address[1]}"
endpoint = f"{base}/v2/ep1"
# In a group of its own: the worker has a child that sends its pings, and that would outlive it.
worker = subprocess.Popen(
    [sys.executable, "-u", HANDLER], start_new_session=True,
    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    env=dict(
        os.environ, RUNPOD_WEBHOOK_GET_JOB=f"{endpoint}/job-take/w1?gpu=none",
        RUNPOD_WEBHOOK_POST_OUTPUT=f"{endpoint}/job-done/w1/$ID?gpu=none",
        RUNPOD_WEBHOOK_PING=f"{endpoint}/ping/w1?gpu=none", RUNPOD_AI_API_KEY="worker", RUNPOD_POD_ID="w1",
        RUNPOD_ENDPOINT_ID="ep1", RUNPOD_SKIP_AUTO_SYSTEM_CHECKS="true", RUNPOD_SKIP_GPU_CHECK="true",
        NO_PROXY="127.0.0.1", no_proxy="127.0.0.1", GATEWAY_FILES=f"{base}/files"))
try:
    say(server.server_address[1])
    for line in sys.stdin:
        files[line.strip()] = b""
finally:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
