"""What the browser tests share: a daemon, a browser, and pages on which nobody may complain."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]
SIZES = {390: 844, 1024: 768, 1366: 768, 1600: 1000}

expect.set_options(timeout=15_000)


def browser_path():
    """The browser, by PANEL_BROWSER or from Debian. That there is none is an error, not a skip."""
    named = os.environ.get("PANEL_BROWSER")
    for path in [named] if named else BROWSERS:
        if os.access(path, os.X_OK):
            return path
    raise RuntimeError("there is no browser: apt-get install chromium-headless-shell, or set PANEL_BROWSER")


class Daemon:
    """`kinospool serve` on a spool of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.spool = self.folder / "spool"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        program = os.environ["KINOSPOOL_BINARY"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "KINOSPOOL_DURABILITY": "fast"}
        environment["KINOSPOOL_MIN_FREE"] = "100 MB"
        log = open(self.folder / "daemon.log", "ab")
        command = [program, "serve", "-C", str(self.spool), "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        for _ in range(600):
            try:
                self.get("/readyz")
                return self
            except OSError:
                assert self.process.poll() is None, (self.folder / "daemon.log").read_text()[-2000:]
                time.sleep(0.05)
        raise RuntimeError("the daemon did not become ready")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def get(self, path):
        return self.ask("GET", path)

    def submit(self, type_, params, **keys):
        return json.loads(self.ask("POST", "/jobs", {"type": type_, "params": params, **keys}))["job_id"]

    def job(self, id_):
        return json.loads(self.get(f"/jobs/{id_}"))

    def wait(self, id_, *states):
        for _ in range(1200):
            job = self.job(id_)
            if job["state"] in (states or ("done", "failed", "canceled")):
                return job
            time.sleep(0.1)
        raise RuntimeError(f"{id_} is {job['state']}")


@pytest.fixture
def daemon(tmp_path):
    one = Daemon(tmp_path)
    yield one.start()
    one.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield one
        one.close()


class Pages:
    """Opens pages; whatever the browser complains about on any of them fails the test."""

    # What a daemon that is away makes the browser say by itself.
    AWAY = ("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE",
            "net::ERR_INCOMPLETE_CHUNKED_ENCODING", "net::ERR_SOCKET_NOT_CONNECTED")

    def __init__(self, browser):
        self.browser = browser
        self.contexts = []
        self.complaints = []
        self.may_be_away = False

    def context(self, width=1600, height=None, scheme="dark", **options):
        is_phone = width < 700
        size = {"width": width, "height": height or SIZES.get(width, 900)}
        one = self.browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce",
                                       is_mobile=is_phone, has_touch=is_phone, **options)
        one.set_default_timeout(15_000)
        self.contexts.append(one)
        return one

    def open(self, url, context=None, **options):
        page = (context or self.context(**options)).new_page()
        page.on("console", lambda message: self._hear(message.text))
        page.on("pageerror", lambda error: self._hear(f"{error} {error.stack or ''}"))
        page.goto(url)
        return page

    def _hear(self, text):
        if not (self.may_be_away and any(word in text for word in self.AWAY)):
            self.complaints.append(text)


@pytest.fixture
def pages(browser):
    one = Pages(browser)
    yield one
    for context in one.contexts:
        context.close()
    assert one.complaints == []


@pytest.fixture
def artifacts():
    """Where screenshots are kept."""
    folder = pathlib.Path(os.environ.get("PANEL_ARTIFACTS", "/tmp/kinospool-panel"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def filled(daemon):
    """A daemon with one job of every look: takes, a film, failures, one that runs, one that waits, one canceled."""
    boats = "Paper boats drifting out of a harbour at dusk, lanterns reflecting, slow dolly forward"
    done = [daemon.submit("RENDER", {"prompt": boats, "duration": 1, "resolution": "480p", "seed": 51020 + n})
            for n in range(3)]
    done.append(daemon.submit("RENDER", {"prompt": "Neon alley in the rain", "duration": 1, "seed": 4211}))
    failed = daemon.submit("LIPSYNC", {"prompt": "Mira tells the story of the last harbour", "audio": "https://x.test/a.wav"})
    timeout = daemon.submit("NOOP", {"fail": "worker_timeout"}, max_attempts=1)
    for id_ in [*done, failed, timeout]:
        daemon.wait(id_)
    daemon.running = daemon.submit("NOOP", {"seconds": 3000})
    daemon.wait(daemon.running, "running")
    later = daemon.submit("RENDER", {"prompt": "Aurora over a fjord, time lapse", "duration": 1}, not_before="2099-01-01T00:00:00Z")
    canceled = daemon.submit("RENDER", {"prompt": "A storm nobody wanted", "duration": 1}, not_before="2099-01-01T00:00:00Z")
    daemon.ask("POST", f"/jobs/{canceled}/cancel")
    daemon.films, daemon.failed, daemon.waiting = done, failed, later
    return daemon
