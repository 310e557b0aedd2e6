"""A real browser on pages that mean harm: rebinding_peer.py PORT

evil.test is mapped to 127.0.0.1, as DNS rebinding does it. Three pages try to read and to post: one of another site,
one of another port of this machine, and one whose own name leads to the daemon.
"""
import http.server
import json
import sys
import threading

from playwright.sync_api import sync_playwright

port = int(sys.argv[1])


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>page</title>")

    def log_message(self, *_):
        pass


pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=pages.serve_forever, daemon=True).start()
other = pages.server_port

# What a page can learn of an answer, and what it can send.
ASK = """async ([url, method, type]) => {
  const options = { method };
  if (method === "POST") { options.body = '{"type":"NOOP"}'; options.headers = { "Content-Type": type }; }
  const seen = {};
  try {
    const answer = await fetch(url, options);
    Object.assign(seen, { status: answer.status, text: (await answer.text()).slice(0, 400) });
  } catch (error) { seen.error = String(error); }
  try {
    await fetch(url, { ...options, mode: "no-cors" });
  } catch { /* what counts is whether it did anything */ }
  return seen;
}"""

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium-headless-shell",
        args=["--no-sandbox", "--host-resolver-rules=MAP evil.test 127.0.0.1, MAP box.lan 127.0.0.1"],
    )
    results = []
    for name, page_url, target in [
        ("another site", f"http://evil.test:{other}/", f"http://127.0.0.1:{port}"),
        ("another port", f"http://127.0.0.1:{other}/", f"http://127.0.0.1:{port}"),
        ("a rebound name", f"http://evil.test:{port}/health", f"http://evil.test:{port}"),
        ("a name of the LAN", f"http://evil.test:{other}/", f"http://box.lan:{port}"),
    ]:
        page = browser.new_page()
        page.goto(page_url)
        for path, method, type in [
            ("/jobs", "GET", ""),
            ("/events", "GET", ""),
            ("/jobs", "POST", "application/json"),
            ("/jobs", "POST", "text/plain"),
            ("/queue/resume", "POST", "text/plain"),
        ]:
            seen = page.evaluate(ASK, [target + path, method, type])
            results.append({"page": name, "path": path, "method": method, "type": type, **seen})
        page.close()
    # What is asked from the right place is answered, so the page and the questions are right.
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/health")
    seen = page.evaluate(ASK, [f"http://127.0.0.1:{port}/jobs", "GET", ""])
    browser.close()

print(json.dumps({"attacks": results, "own": seen}))
