#!/usr/bin/env python3
"""Kills the running program again and again under load, and checks that nothing acknowledged is lost and nothing is done twice.

usage: tests/python/kill.py [--cycles 50] [--db sqlite,postgres] [--wait 200] [--results FILE]

Each cycle: several clients write (programs, milestones, changes, transitions, invitations, repeated requests); the process is
killed (SIGKILL) 5 to 500 ms into it and started again. Then every answered write must stand as it was answered, every unanswered
request is sent again with its Idempotency-Key and must take effect once, and every promised letter must wait or have been taken
by a real SMTP server. CHECKED_BINARY names the program (target/debug/cybercap)."""

import argparse
import datetime
import http.client
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from ledger import Ledger, Promises, Sqlite
from mailbox import Mailbox
from postgres import Postgres
from served import BINARY, served

PASSWORD = "the long password of a durable house"
WRITERS = 8
API = "/api/v1"
# Seconds from the start of the process to its first answer.
LONGEST_START = 5


class Write:
    """One request and, once it is known, its answer."""

    def __init__(self, kind, method, path, body, headers, who):
        self.kind, self.method, self.path, self.body, self.headers, self.who = kind, method, path, body, headers, who

    def send(self, connection, token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **self.headers}
        connection.request(self.method, API + self.path, json.dumps(self.body), headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read() or "null")


class Writer:
    """A client with programs and milestones of its own; at most one of its requests is without an answer."""

    def __init__(self, number, house, chance):
        self.number, self.house, self.chance = number, house, chance
        self.names = itertools.count(1)
        self.programs, self.milestones = [], {}  # id: record
        self.done, self.open = [], None

    def name(self, what):
        return f"{what} {self.number}-{next(self.names)}"

    def post(self, kind, path, body, who="coordinator"):
        return Write(kind, "POST", path, body, {"Idempotency-Key": f"key-{self.number}-{next(self.names)}"}, who)

    def next(self):
        """A request of any kind that is possible now."""
        kinds = ["program"] if not self.programs else ["program", "milestone", "invitation"]
        kinds += ["again"] * bool(self.done) + ["patch", "patch", "step"] * bool(self.milestones)
        kind = self.chance.choice(kinds)
        if kind == "program":
            body = {"title": {"en": self.name("program")}, "countries": [{"country": "KE"}], "planned_start": "2027"}
            return self.post("program", "/programs", body)
        if kind == "milestone":
            body = {"title": {"en": self.name("milestone")}, "due": "2027-05-03"}
            return self.post("milestone", f"/programs/{self.chance.choice(self.programs)}/milestones", body)
        if kind == "invitation":
            # Each at a domain of its own: what a killed sender holds keeps others from its domain for a minute.
            name = f"invited-{self.number}-{next(self.names)}"
            address = f"{name}@{name}.example"
            return self.post("invitation", "/users", {"email": address, "roles": [{"role": "contributor", "country": "KE"}]}, "administrator")
        if kind == "again":
            return self.chance.choice(self.done)[0]
        record = self.chance.choice(list(self.milestones.values()))
        if kind == "step" and record["status"] == "planned":
            return self.post("milestone", f"/milestones/{record['id']}/transitions", {"to": "in_progress"})
        return Write("milestone", "PATCH", f"/milestones/{record['id']}", {"title": {"en": self.name("changed")}},
                     {"If-Match": f'"{record["version"]}"'}, "coordinator")

    def run(self, url):
        """Writes until the line goes dead."""
        try:
            self.write_on(url)
        except Exception as error:  # of the check itself; the thread's own trace would not end the run
            self.house.fault(f"writer {self.number}: {error!r}")

    def write_on(self, url):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=20)
        while not self.house.faults:
            write = self.next()
            self.open = write
            try:
                status, headers, answer = write.send(connection, self.house.tokens[write.who])
            except (OSError, http.client.HTTPException, ValueError):
                return  # killed; this one is open
            self.answered(write, status, headers, answer)

    def answered(self, write, status, headers, answer):
        """Notes an acknowledgement; anything but success is a fault."""
        self.open = None
        if status not in (200, 201):
            self.house.fault(f"{write.method} {write.path} gave {status}: {answer}")
            return
        earlier = next((told for sent, told in self.done if sent is write), None)
        if earlier is not None:
            self.house.ledger.count("requests repeated")
            if answer != earlier or headers.get("Idempotency-Replayed") != "true":
                self.house.fault(f"{write.path} repeated: was {earlier}, now {answer}")
            return
        self.house.ledger.count("acknowledged writes")
        self.house.ledger.note(write.kind, answer)
        if write.method == "POST":
            self.done = [*self.done[-30:], (write, answer)]
        if write.kind == "program":
            self.programs.append(answer["id"])
        if write.kind == "milestone":
            self.milestones[answer["id"]] = answer

    def settle(self, running):
        """Finds out what became of the request that the kill left open, the way a client would."""
        write, self.open = self.open, None
        if write is None:
            return
        if write.method == "PATCH":
            self.settle_patch(running, write)
            return
        again = any(sent is write for sent, _ in self.done)
        status, headers, answer = running.ask(write.method, API + write.path, write.body, self.house.tokens[write.who], write.headers)
        if not again:
            stood = headers.get("Idempotency-Replayed") == "true"
            self.house.ledger.count("unanswered, stood" if stood else "unanswered, left nothing")
        self.answered(write, status, headers, answer)

    def settle_patch(self, running, write):
        status, _, record = running.ask("GET", API + write.path, None, self.house.tokens[write.who])
        before = self.milestones[record["id"]]
        stands = record["title"] == write.body["title"]["en"] and record["version"] == before["version"] + 1
        untouched = (record["title"], record["version"]) == (before["title"], before["version"])
        if status != 200 or not (stands or untouched):
            self.house.fault(f"{write.path} is neither as it was nor as it was asked: {record}, was {before}")
        self.house.ledger.count("unanswered, stood" if stands else "unanswered, left nothing")
        self.house.ledger.note("milestone", record)
        self.milestones[record["id"]] = record


class House:
    """The program over one database, and everything that was told by it."""

    def __init__(self, db, folder, url, mailbox, seed):
        self.db, self.folder, self.url, self.mailbox = db, folder, url, mailbox
        self.chance = random.Random(seed)
        self.ledger, self.promises = Ledger(), Promises(mailbox)
        self.tokens, self.entered = {}, 0.0
        self.faults = []
        self.writers = [Writer(number, self, random.Random(f"{seed} {number}")) for number in range(1, WRITERS + 1)]
        self.environment = {
            "CYBERCAP_DATABASE__URL": url,
            "CYBERCAP_SERVER__BASE_URL": "http://127.0.0.1",
            "CYBERCAP_SECURITY__ADMINISTRATORS_NEED_SECOND_FACTOR": "false",
            "CYBERCAP_MAIL__TRANSPORT": "smtp",
            "CYBERCAP_MAIL__SMTP__HOST": "127.0.0.1",
            "CYBERCAP_MAIL__SMTP__PORT": str(mailbox.port),
            "CYBERCAP_MAIL__SMTP__SECURITY": "none",
            "CYBERCAP_MAIL__LETTERS_PER_MINUTE": "0",
        }

    def fault(self, words):
        self.faults.append(words)

    def start(self):
        return served(data_dir=str(self.folder), environment=self.environment)

    def prepare(self):
        """An administrator by the printed link, a coordinator by the letter."""
        with self.start() as running:
            self.accept(running, running.invitation.split("#")[1], email="admin@house.example")
            self.tokens["administrator"] = running.login("admin@house.example", PASSWORD)
            body = {"email": "coordinator@house.example", "roles": [{"role": "coordinator"}]}
            status, _, answer = running.ask("POST", API + "/users", body, self.tokens["administrator"])
            assert status == 201, answer
            end = time.monotonic() + 60
            while not (letters := [letter for letter in self.mailbox.taken() if letter.to == body["email"]]):
                assert time.monotonic() < end, "the coordinator's invitation did not arrive"
                time.sleep(0.1)
            self.accept(running, letters[0].text.split("#")[1].split()[0])

    @staticmethod
    def accept(running, token, **more):
        body = {"token": token, "password": PASSWORD, "name": "A person", **more}
        status, _, answer = running.ask("POST", API + "/auth/invitations/accept", body)
        assert status in (200, 201), answer

    def enter(self, running):
        """Access tokens outlive a restart; they are renewed before they end."""
        if time.monotonic() - self.entered > 300:
            self.entered = time.monotonic()
            for who, address in (("administrator", "admin@house.example"), ("coordinator", "coordinator@house.example")):
                self.tokens[who] = running.login(address, PASSWORD)

    def settle(self, running):
        """The clients come back and ask what became of their last requests."""
        self.enter(running)
        for writer in self.writers:
            writer.settle(running)

    def cycle(self):
        """Starts, checks what the last kill left, writes, kills. Returns the seconds of the start."""
        began = time.monotonic()
        with self.start() as running:
            status, _, _ = running.ask("GET", "/readyz")
            took = time.monotonic() - began
            if status != 200:
                self.fault(f"/readyz gave {status} after the start")
            self.settle(running)
            self.check()
            if not self.faults:
                self.load(running)
        self.look_at_log()
        return took

    def load(self, running):
        threads = [threading.Thread(target=writer.run, args=(running.url,)) for writer in self.writers]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.uniform(0.005, 0.5))
        self.promises.kills.append(time.monotonic())
        running.process.kill()
        running.process.wait()
        for thread in threads:
            thread.join()

    def check(self):
        self.faults += self.ledger.differences(self.db)
        self.faults += self.promises.differences(self.db, self.ledger.invited)
        self.faults += self.db.complaints()
        command = [BINARY, "--data-dir", str(self.folder), "audit", "verify"]
        said = subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, text=True)
        if said.returncode != 0:
            self.fault(f"audit verify: {said.stdout[-500:]}{said.stderr[-500:]}")

    def look_at_log(self):
        for line in self.folder.with_suffix(".log").read_text(errors="replace").splitlines():
            if '"level":"ERROR"' in line or "panicked" in line:
                self.fault(f"in the log: {line[:400]}")

    def drain(self, seconds):
        """Lets the letters go out that a killed sender still holds (their lease is two minutes)."""
        with self.start() as running:
            self.settle(running)
            end = time.monotonic() + seconds
            while (left := self.promises.waiting(self.db)) and time.monotonic() < end:
                time.sleep(0.5)
            self.check()
            if left and seconds:
                self.fault(f"{left} events and letters still wait after {seconds} s")
        return left


def run(kind, given, folder):
    """All cycles over one database; returns the row of the table."""
    postgres = Postgres(folder / "pg", "kill") if kind == "postgres" else None
    try:
        data = folder / "data"
        data.mkdir(mode=0o700)
        with Mailbox(given.seed) as mailbox:
            db = postgres or Sqlite(data / "cybercap.db")
            house = House(db, data, postgres.url if postgres else "", mailbox, given.seed)
            house.prepare()
            starts = []
            for number in range(given.cycles):
                starts.append(house.cycle())
                stop_on(house, f"{kind}, cycle {number + 1} of {given.cycles}, seed {given.seed}")
            left = house.drain(given.wait)
            stop_on(house, f"{kind}, after the last cycle, seed {given.seed}")
            return figures(kind, house, starts, left)
    finally:
        if postgres:
            postgres.stop()


def stop_on(house, where):
    if house.faults:
        print(f"FAULTS ({where}):", *house.faults[:20], sep="\n  ")
        sys.exit(1)


def figures(kind, house, starts, left):
    # The first start follows no kill.
    after_kills = sorted(starts[1:]) or starts

    def restart(share):
        return after_kills[min(len(after_kills) - 1, int(share * len(after_kills)))]

    if restart(0.99) > LONGEST_START:
        house.fault(f"the 99th percentile of restarts is {restart(0.99):.1f} s")
        stop_on(house, kind)
    letters = house.mailbox.taken()
    return {
        "database": kind, "kills": len(house.promises.kills), **dict(sorted(house.ledger.counts.items())),
        "acknowledged and lost": 0, "done twice": 0, "letters taken": len(letters),
        "letters taken twice (kill between taking and noting)": house.promises.twice, "letters still waiting": left,
        "restart p50": f"{restart(0.5):.2f} s", "restart p99": f"{restart(0.99):.2f} s",
    }


def table(rows, given):
    lines = [
        "# Durability, as `tests/python/kill.py` saw it", "",
        f"{datetime.date.today()}, {given.cycles} cycles a database, {'debug' if 'debug' in BINARY else 'release'} build, seed {given.seed}. "
        "After each kill (SIGKILL, 5 to 500 ms into the",
        f"load of {WRITERS} clients) every answered write, every letter, the audit chain and the file's integrity were checked; "
        "a run ends at the first fault.", "",
        "| | " + " | ".join(row["database"] for row in rows) + " |", "|---" * (len(rows) + 1) + "|",
    ]
    for name in dict.fromkeys(name for row in rows for name in row):
        if name != "database":
            lines.append(f"| {name} | " + " | ".join(str(row.get(name, 0)) for row in rows) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--db", default="sqlite,postgres")
    parser.add_argument("--wait", type=int, default=200, help="seconds for letters whose sender was killed; 0 does not wait")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--results", help="file to write the table into")
    given = parser.parse_args()
    rows = []
    for kind in given.db.split(","):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cybercap-kill-"))
        try:
            rows.append(run(kind, given, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    text = table(rows, given)
    if given.results:
        pathlib.Path(given.results).write_text(text)
    print(text)


if __name__ == "__main__":
    main()
