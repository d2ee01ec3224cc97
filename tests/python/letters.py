"""Sends real letters to postfix's smtp-sink: once when all is well, and when it refuses for good or for now."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from served import served


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def sink(port, folder, *switches):
    """smtp-sink on this machine, with fault switches; every message it takes is appended to a file in the folder."""
    program = shutil.which("smtp-sink", path=os.environ.get("PATH", "") + ":/usr/sbin")
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [program, *user, *switches, "-D", str(folder / "letters"), f"inet:127.0.0.1:{port}", "50"]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until(10, f"smtp-sink {switches} did not start", lambda: answers(port))
        yield
    finally:
        process.terminate()
        process.wait()


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(seconds, complaint, true):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.3)
    raise SystemExit(complaint)


def taken(folder):
    return "".join(path.read_text(errors="replace") for path in folder.glob("letters*"))


class House:
    """The demo's administrator, who invites people: an invitation is a letter."""

    def __init__(self, running):
        self.running = running
        person = running.person("administrator")
        self.token = running.login(person["email"], person["password"])

    def invite(self, name):
        body = {"email": f"{name}@ministry.example", "roles": [{"role": "contributor", "country": "KE"}]}
        status, _, answer = self.running.ask("POST", "/api/v1/users", body, self.token)
        assert status == 201, (status, answer)

    def log(self):
        status, _, answer = self.running.ask("GET", "/api/v1/letters?limit=200", None, self.token)
        assert status == 200, (status, answer)
        return answer["items"]

    def states(self):
        return [letter.get("state") or letter.get("status") for letter in self.log()]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cybercap-letters-"))
    folder.chmod(0o777)
    port = free_port()
    mail = {
        "CYBERCAP_MAIL__TRANSPORT": "smtp",
        "CYBERCAP_MAIL__SMTP__HOST": "127.0.0.1",
        "CYBERCAP_MAIL__SMTP__PORT": str(port),
        "CYBERCAP_MAIL__SMTP__SECURITY": "none",
        "CYBERCAP_MAIL__SMTP__REPLY_SECONDS": "10",
    }
    try:
        with served("--demo", environment=mail) as running:
            house = House(running)
            with sink(port, folder):
                house.invite("wanjiru")
                until(60, "the invitation did not arrive", lambda: "wanjiru@ministry.example" in taken(folder))
                print("a letter arrived")
            with sink(port, folder, "-f", "RCPT"):
                house.invite("otieno")
                until(60, f"a refused recipient is not seen as bounced: {house.states()}", lambda: "bounced" in house.states())
                assert "otieno@ministry.example" not in taken(folder)
                print("a recipient refused for good is seen as bounced")
            with sink(port, folder, "-r", "RCPT"):
                house.invite("achieng")
                time.sleep(5)
                assert "achieng@ministry.example" not in taken(folder)
                print("a recipient refused for now is kept")
            with sink(port, folder):
                until(180, f"the letter was not tried again: {house.states()}", lambda: "achieng@ministry.example" in taken(folder))
                time.sleep(2)
                copies = taken(folder).count("To: achieng@ministry.example") + taken(folder).count("To: <achieng@ministry.example>")
                assert copies <= 1, f"{copies} copies"
                print("and arrives once when the server takes it again")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
