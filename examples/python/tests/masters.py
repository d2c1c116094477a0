"""Masters to test against: the real one, when MASTER_URL names it, and some that behave badly."""

import contextlib
import http.server
import json
import os
import socket
import threading
import time
import unittest
import urllib.request

URL = os.environ.get("MASTER_URL")
TOKEN = os.environ.get("MASTER_TOKEN", "")

needs_master = unittest.skipUnless(URL, "MASTER_URL names no running master")


def rest(method, path, body=None):
    """One call of the real master's REST API."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/api/v1{path}", data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def new_trial(name):
    project = rest("POST", "/projects", {"name": f"{name} {time.time_ns()}"})["project"]["id"]
    experiment = rest("POST", "/experiments", {"name": "E", "projectId": project})["experiment"]["id"]
    return rest("POST", f"/experiments/{experiment}/trials", {})["trial"]["id"]


def metadata_of(trial):
    return rest("GET", f"/trials/{trial}/metadata")["metadata"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FakeMaster:
    """Answers each report with what `answer(report, number)` gives: a status, a body and headers."""

    def __init__(self, answer=lambda report, number: (200, {}, {}), port=0):
        self.bodies = []
        self.reports = []
        self.accepted = {}
        self.times = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                report = json.loads(body)["metadata"]
                outer.bodies.append(body)
                outer.reports.append(report)
                outer.times.append(time.monotonic())
                status, said, headers = answer(report, len(outer.reports))
                if status == 200:
                    outer.accepted.update(report)
                data = json.dumps(said).encode()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(data)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def refusal(*paths):
    """What the master answers when values at these paths are wrong."""
    faults = [{"path": path, "code": "value_not_accepted", "message": "no"} for path in paths]
    return 400, {"title": "Bad Request", "detail": "refused", "errors": faults}, {}
