"""Starts the built binary for a check and stops it again."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("CHECKED_BINARY", str(ROOT / "target/debug/cybercap"))


class Served:
    """A running cybercap: its address and the demo's logins."""

    def __init__(self, process, lines, data_dir):
        self.process = process
        self.data_dir = data_dir
        self.url = ""
        self.logins = []
        self.invitation = ""
        for line in lines:
            self.url = line.get("listening", self.url)
            self.logins = line.get("logins", self.logins)
            self.invitation = line.get("invitation", self.invitation)

    def ask(self, method, path, body=None, token=None, headers=None):
        """Sends a request and returns status, headers and JSON."""
        request = urllib.request.Request(self.url + path, method=method)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                return answer.status, answer.headers, parsed(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.headers, parsed(error.read())

    def login(self, email, password):
        """The access token of a person."""
        status, _, answer = self.ask("POST", "/api/v1/auth/login", {"email": email, "password": password})
        assert status == 200, (email, status, answer)
        return answer["access_token"]

    def person(self, role):
        """The first demo login with this role."""
        return next(login for login in self.logins if login["role"] == role)


def parsed(raw):
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")


@contextlib.contextmanager
def served(*arguments, data_dir=None, environment=None, wait=120):
    """Runs `cybercap serve` on a free port of this machine until the block ends."""
    own = data_dir is None
    data_dir = data_dir or tempfile.mkdtemp(prefix="cybercap-check-")
    command = [BINARY, "--data-dir", data_dir, "serve", "--listen", "127.0.0.1:0", *arguments]
    log = open(pathlib.Path(data_dir).with_suffix(".log"), "wb")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    killer = threading.Timer(wait, process.kill)
    killer.start()
    lines = []
    try:
        for raw in process.stdout:
            lines.append(json.loads(raw))
            if "listening" in lines[-1]:
                break
        killer.cancel()
        if not lines or "listening" not in lines[-1]:
            sys.stderr.write(pathlib.Path(log.name).read_text()[-2000:])
            raise SystemExit(f"{' '.join(command)} did not start")
        yield Served(process, lines, data_dir)
    finally:
        killer.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.close()
        if own:
            shutil.rmtree(data_dir, ignore_errors=True)
            pathlib.Path(log.name).unlink(missing_ok=True)
