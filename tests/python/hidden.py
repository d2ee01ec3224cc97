#!/usr/bin/env python3
"""Measures whether an answer of 404 tells by its time, or by the statements behind it, that a hidden record exists.

usage: tests/python/hidden.py [--pairs 500] [--programs 10000] [--db sqlite,postgres] [--results FILE]

In a house with many programs, a focal point of Kenya asks 36 operations for records of other countries and for ids that nothing has,
in pairs of random order over one connection; strangers do the same at the door with addresses that have an account and addresses that have none. Status and body
must be equal but for the ids, the kinds of SQL statements and their order too, and neither the median nor the minimum of the times may
differ by more than 5 % and 2 ms. CHECKED_BINARY names the program (target/debug/cybercap)."""

import argparse
import collections
import datetime
import functools
import http.client
import itertools
import json
import math
import os
import pathlib
import random
import shutil
import statistics
import sys
import tempfile
import time
import urllib.parse
import uuid

from mailbox import Mailbox
from postgres import Postgres, found
from served import BINARY, ROOT, served

sys.path.append(str(ROOT / "benches"))
import seed  # noqa: E402

API = "/api/v1"
PASSWORD = "the long password of nobody in particular"
# Accounts at the door: three letters an hour are written to each.
PEOPLE = 170
# Pairs before those that count.
WARM = 20
# Hidden records of a kind that are asked for in turn, and how many of each kind another country comes to own.
HIDDEN, OWNED = 100, 30
# What may not be exceeded both: a share of the time, and milliseconds.
SHARE, ABSOLUTE = 0.05, 2.0
STEP = {"to": "in_progress"}

# Name, method, path, body, version; `{id}` is a hidden record of the kind that the path names, or nothing's.
PATCH, NOW = "application/merge-patch+json", {"due": "2031-05-05", "reason": "The venue is closed."}
OPERATIONS = [
    ("GET", "/programs/{program}", None),
    ("PATCH", "/programs/{program}", {"notes": "seen"}),
    ("DELETE", "/programs/{program}", None),
    ("POST", "/programs/{program}/transitions", {"to": "implementation"}),
    ("POST", "/programs/{program}/countries/KE/acknowledgements", {}),
    ("GET", "/programs/{program}/budgets", None),
    ("GET", "/programs/{program}/members", None),
    ("GET", "/programs/{program}/milestones", None),
    ("POST", "/programs/{program}/milestones", {"title": {"en": "Ours"}, "due": "2031-02-14"}),
    ("GET", "/programs/{program}/milestones.csv", None),
    ("GET", "/programs/{program}/timeline", None),
    ("GET", "/programs/{program}/timeline.svg", None),
    ("GET", "/milestones/{milestone}", None),
    ("PATCH", "/milestones/{milestone}", {"weight": 3}),
    ("DELETE", "/milestones/{milestone}", None),
    ("POST", "/milestones/{milestone}/transitions", STEP),
    ("POST", "/milestones/{milestone}/moves", NOW),
    ("GET", "/milestones/{milestone}/moves", None),
    ("GET", "/users/{user}", None),
    ("GET", "/users/{user}/grants", None),
    ("GET", "/assessments/{assessment}", None),
    ("PATCH", "/assessments/{assessment}", {"title": {"en": "Ours"}}),
    ("POST", "/assessments/{assessment}/transitions", STEP),
    ("GET", "/assessments/{assessment}/answers", None),
    ("POST", "/assessments/{assessment}/answers", {"items": [{"code": "GV.OC-01", "value": 2}]}),
    ("GET", "/assessments/{assessment}/score", None),
    ("GET", "/assessments/{assessment}/chart.svg", None),
    ("GET", "/ai-systems/{ai_system}", None),
    ("PATCH", "/ai-systems/{ai_system}", {"provider": "Ours"}),
    ("GET", "/ai-systems/{ai_system}/impact-assessments", None),
    ("GET", "/risk-registers/{register}", None),
    ("GET", "/risk-registers/{register}/heat-map", None),
    ("GET", "/risk-registers/{register}/findings", None),
    ("GET", "/risks/{risk}", None),
    ("PUT", "/risks/{risk}/ratings", {"rating": "current", "likelihood": 1, "impacts": {"economy": 1}}),
    ("POST", "/risks/{risk}/transitions", {"to": "analysed"}),
]
DOOR = [
    ("POST", "/auth/login", lambda address: {"email": address, "password": "a wrong password of some length"}),
    ("POST", "/auth/password/forgot", lambda address: {"email": address}),
]


class Line:
    """One connection on which requests are timed."""

    def __init__(self, url, token=None):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
        self.connection.connect()
        self.token = token
        self.sources = itertools.count()

    def ask(self, method, path, body=None, stranger=False):
        """Status, body and nanoseconds from the first byte out to the last byte in."""
        headers = {"Content-Type": PATCH if method == "PATCH" else "application/json"}
        if method in ("PATCH", "PUT", "DELETE"):
            headers["If-Match"] = '"1"'
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if stranger:
            # Each from a network of its own, or guesses would be held back.
            number = next(self.sources)
            headers["X-Forwarded-For"] = f"{20 + number // 65536}.{number // 256 % 256}.{number % 256}.1"
        text = None if body is None else json.dumps(body)
        began = time.perf_counter_ns()
        self.connection.request(method, API + path, text, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        took = time.perf_counter_ns() - began
        return answer.status, said, took


class House:
    """The program with the demo's year in one database, seen by a focal point of Kenya."""

    def __init__(self, kind, folder, url):
        self.kind, self.folder = kind, folder
        self.environment = {
            "CYBERCAP_DATABASE__URL": url,
            "CYBERCAP_SERVER__TRUSTED_PROXIES": '["127.0.0.1"]',
            "CYBERCAP_SECURITY__ARGON2__MEMORY_KIB": "19456",
            "CYBERCAP_SECURITY__ARGON2__PASSES": "2",
        }
        self.hidden = collections.defaultdict(list)
        self.known = []

    def serve(self, letters=False, **more):
        environment = {**self.environment, "CYBERCAP_MAIL__WORKER": str(letters).lower(), **more}
        return served("--demo", data_dir=str(self.folder), environment=environment, wait=600)

    def prepare(self, programs, fill):
        """People with passwords, programs of many countries, and the ids that the focal point may not know of."""
        with Mailbox(1) as mailbox:
            smtp = {"TRANSPORT": "smtp", "SMTP__HOST": "127.0.0.1", "SMTP__PORT": str(mailbox.port), "SMTP__SECURITY": "none"}
            with self.serve(letters=True, **{f"CYBERCAP_MAIL__{key}": value for key, value in smtp.items()}) as running:
                self.invite(running, mailbox)

        fill(programs)
        with self.serve() as running:
            self.find_hidden(running)

    def find_hidden(self, running):
        """Ids that the administrator reads and the focal point does not."""
        reads, ours = (self.enter(running, who) for who in ("administrator", "focal_point"))
        for kind, path in (("program", "/programs"), ("milestone", "/milestones"), ("user", "/users")):
            country = "" if kind == "user" else "&country=VN"
            status, _, answer = running.ask("GET", f"{API}{path}?limit=200{country}", None, reads)
            assert status == 200, answer
            ids = [record["id"] for record in answer["items"]]
            self.hidden[kind] = [id for id in ids if running.ask("GET", f"{API}{path}/{id}", None, ours)[0] == 404][:HIDDEN]
            assert len(self.hidden[kind]) > 3, (kind, len(ids))
        self.own(running)

    def own(self, running):
        """What Senegal owns and discloses to nobody: administrators read none of it, its focal point enters it."""
        token = running.login(self.known[0], PASSWORD)

        def ask(method, path, body=None):
            status, _, answer = running.ask(method, API + path, body, token)
            assert status in (200, 201), (path, answer)
            return answer

        named, country = lambda name: {"en": name}, "SN"  # noqa: E731
        csf = ask("GET", "/frameworks?urn=urn:cybercap:framework:nist-csf-2.0")["items"][0]["id"]
        matrix = ask("GET", "/risk-matrices")["items"][0]["id"]
        for number in range(OWNED):
            assessment = {"framework_id": csf, "country": country, "title": named(f"Profile {number}"), "period_from": "2026-01-01",
                          "period_to": "2026-12-31"}
            register = {"country": country, "title": named(f"Register {number}"), "matrix_id": matrix, "tolerance": 1}
            system = {"country": country, "name": named(f"System {number}"), "purpose": named("To sort requests."), "roles": ["deployer"],
                      "sector": "health", "lifecycle": "operate_and_monitor", "autonomy": "human_in_the_loop"}
            for kind, path, body in (("assessment", "/assessments", assessment), ("register", "/risk-registers", register),
                                     ("ai_system", "/ai-systems", system)):
                self.hidden[kind].append(ask("POST", path, body)["id"])
            risk = {"title": named(f"Risk {number}"), "category": "cyber"}
            self.hidden["risk"].append(ask("POST", f"/risk-registers/{self.hidden['register'][-1]}/risks", risk)["id"])

    def invite(self, running, mailbox):
        """Accounts that can be logged in to, so that the door has something to hide."""
        token = self.enter(running, "administrator")
        addresses = [f"person-{number}@hidden.example" for number in range(PEOPLE)]
        for address in addresses:
            role = "focal_point" if address == addresses[0] else "contributor"
            body = {"email": address, "roles": [{"role": role, "country": "SN"}]}
            status, _, answer = running.ask("POST", API + "/users", body, token)
            assert status == 201, answer
        end, accepted = time.monotonic() + 300, set()
        while len(accepted) < PEOPLE:
            assert time.monotonic() < end, f"{len(accepted)} of {PEOPLE} invitations arrived"
            for letter in mailbox.taken():
                if letter.to in addresses and letter.to not in accepted:
                    link = letter.text.split("#")[1].split()[0]
                    headers = {"X-Forwarded-For": f"11.{len(accepted)}.0.1"}
                    body = {"token": link, "password": PASSWORD, "name": "A person"}
                    status, _, answer = running.ask("POST", API + "/auth/invitations/accept", body, headers=headers)
                    assert status in (200, 201), answer
                    accepted.add(letter.to)
            time.sleep(0.1)
        self.known = addresses

    @staticmethod
    def enter(running, role):
        login = running.person(role)
        return running.login(login["email"], login["password"])

    def pairs(self, template, count):
        """Two ways to fill a template: with what is hidden, and with what is not there."""
        kind = template.split("{")[1].split("}")[0]
        for number in range(count):
            there = self.hidden[kind][number % len(self.hidden[kind])]
            # A neighbor of it: the same time, other chance.
            yield template.format(**{kind: there}), template.format(**{kind: there[:-12] + uuid.uuid4().hex[:12]})


def masked(status, said, path):
    """An answer without what belongs to this one request."""
    try:
        problem = json.loads(said)
    except ValueError:
        return status, said
    problem.pop("request_id", None)
    for part in urllib.parse.urlsplit(path).path.split("/"):
        problem = json.loads(json.dumps(problem).replace(part, "*")) if len(part) == 36 else problem
    return status, problem


def usual_statements(running, line, method, path, bodies, stranger=False):
    """The statements of a request: what three runs sent alike, for now and then a round of the house falls between.

    Each run takes the next of the bodies: an address may ask for few letters an hour, and is then answered without statements.
    """
    log = pathlib.Path(running.data_dir).with_suffix(".log")
    seen = collections.Counter()
    while seen.total() < 25 and max(seen.values(), default=0) < 3:
        before = log.stat().st_size
        line.ask(method, path, next(bodies), stranger)
        with log.open("rb") as file:
            file.seek(before)
            lines = file.read().decode().splitlines()
        told = [json.loads(text) for text in lines if '"cybercap::sql"' in text and text.endswith("}")]
        seen[tuple(entry["fields"]["sql"] for entry in told)] += 1
    return seen.most_common(1)[0][0]


def same_statements(house):
    """Operations whose hidden side sends other statements than its absent side, and how many each sends."""
    counts, faults = {}, []
    with house.serve(CYBERCAP_LOG="error,cybercap::sql=trace") as running:
        line = Line(running.url, house.enter(running, "focal_point"))
        for method, path, body in OPERATIONS:
            there, nowhere = next(house.pairs(path, 1))
            kinds = [usual_statements(running, line, method, path, itertools.repeat(body)) for path in (there, nowhere)]
            counts[f"{method} {path}"] = len(kinds[0])
            if kinds[0] != kinds[1] or not kinds[0]:
                faults.append(f"{method} {path} sends other statements: {kinds[0]}\nfor nothing: {kinds[1]}")
        line = Line(running.url)
        for method, path, body in DOOR:
            strangers = (f"nobody-at-all-{number}@hidden.example" for number in itertools.count())
            sides = (map(body, house.known), map(body, strangers))
            kinds = [usual_statements(running, line, method, path, bodies, True) for bodies in sides]
            counts[f"{method} {path}"] = len(kinds[0])
            if kinds[0] != kinds[1] or not kinds[0]:
                faults.append(f"{method} {path} sends other statements: {kinds[0]}\nfor nobody: {kinds[1]}")
    return counts, faults


class Times:
    """The times of pairs, in microseconds."""

    def __init__(self):
        self.hidden, self.absent = [], []

    def add(self, hidden, absent):
        self.hidden.append(hidden / 1000)
        self.absent.append(absent / 1000)

    def interval(self):
        """The median difference within a pair, and between what it lies with 95 % certainty: order statistics of the sign
        test, which ask nothing of how times are spread."""
        differences = sorted(a - b for a, b in zip(self.hidden, self.absent))
        count = len(differences)
        rank = max(0, math.floor(count / 2 - 1.96 * math.sqrt(count) / 2) - 1)
        return statistics.median(differences), differences[rank], differences[count - 1 - rank]

    def certainty(self):
        """Two-sided probability that a sum of ranks so far from even comes by chance (Wilcoxon's signed ranks)."""
        differences = sorted((a - b for a, b in zip(self.hidden, self.absent) if a != b), key=abs)
        count = len(differences)
        above = sum(rank for rank, difference in enumerate(differences, 1) if difference > 0)
        mean, spread = count * (count + 1) / 4, math.sqrt(count * (count + 1) * (2 * count + 1) / 24)
        return math.erfc(abs(above - mean) / spread / math.sqrt(2))

    def too_far(self):
        """Whether medians or minima differ by more than the promise allows; of medians only when chance is ruled out."""
        def far(of):
            a, b = of(self.hidden), of(self.absent)
            return abs(a - b) > SHARE * b and abs(a - b) > ABSOLUTE * 1000

        _, low, high = self.interval()
        return far(min) or (far(statistics.median) and (low > 0 or high < 0))


def timed(line, method, requests, chance, faults, stranger=False):
    """Asks pairs in random order; `requests` gives two paths and bodies each."""
    times = Times()
    for number, pair in enumerate(requests):
        order = [0, 1]
        chance.shuffle(order)
        took, faces = [0, 0], [None, None]
        for which in order:
            path, body = pair[which]
            status, said, took[which] = line.ask(method, path, body, stranger)
            faces[which] = masked(status, said, path)
        if faces[0] != faces[1] or faces[0][0] not in (202, 401, 404):
            faults.append(f"{method} {pair[0][0]}: {faces[0]}, for nothing {faces[1]}")
        if number >= WARM:
            times.add(*took)
    return times


def run(house, given, fill, chance):
    house.prepare(given.programs, fill)
    counts, faults = same_statements(house)
    results = {}
    with house.serve() as running:
        line = Line(running.url, house.enter(running, "focal_point"))
        for method, path, body in OPERATIONS:
            requests = (((there, body), (nowhere, body)) for there, nowhere in house.pairs(path, WARM + given.pairs))
            results[f"{method} {path}"] = timed(line, method, requests, chance, faults)
        line = Line(running.url)
        for method, path, body in DOOR:
            several = min(WARM + given.pairs, 3 * PEOPLE)
            requests = (((path, body(house.known[number % PEOPLE])), (path, body(f"nobody-{number % PEOPLE}@hidden.example")))
                        for number in range(several))
            results[f"{method} {path}"] = timed(line, method, requests, chance, faults, stranger=True)
    for name, times in results.items():
        if times.too_far():
            faults.append(f"{name}: median {statistics.median(times.hidden):.0f} us, for nothing {statistics.median(times.absent):.0f} us")
    return counts, results, faults


def table(kind, counts, results):
    lines = [f"## {kind}", "", "| operation | statements | hidden median (min) µs | absent median (min) µs | "
             "difference within a pair: median (95 %) µs | chance |", "|---|---|---|---|---|---|"]
    for name, times in results.items():
        middle, low, high = times.interval()
        lines.append(
            f"| `{name}` | {counts[name]} | {statistics.median(times.hidden):.0f} ({min(times.hidden):.0f}) "
            f"| {statistics.median(times.absent):.0f} ({min(times.absent):.0f}) | {middle:+.1f} ({low:+.1f} to {high:+.1f}) | {times.certainty():.3f} |"
        )
    return "\n".join(lines) + "\n"


def verdict(every):
    """One sentence for all tables."""
    intervals = [(times.interval(), times.certainty()) for _, results in every.values() for times in results.values()]
    outside = sum(1 for (_, low, high), _ in intervals if low > 0 or high < 0)
    bound = 0.05 / len(intervals)
    sure = sum(1 for _, chance in intervals if chance < bound)
    widest = max(abs(middle) for (middle, _, _), _ in intervals)
    return (
        f"Of {len(intervals)} measurements {outside} have an interval without zero (chance alone gives {0.05 * len(intervals):.0f}), and "
        f"{sure} a chance below {bound:.4f} (0.05 shared among all). The greatest median difference within a pair is {widest:.0f} µs."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--db", default="sqlite,postgres")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--results", help="file to write the tables into")
    given = parser.parse_args()
    every, faults = {}, []
    load = os.getloadavg()[0]
    for kind in given.db.split(","):
        if kind == "postgres" and not found():
            print("PostgreSQL's programs are not on this machine: not measured there")
            continue
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cybercap-hidden-"))
        postgres = Postgres(folder / "pg", "hidden") if kind == "postgres" else None
        try:
            (folder / "data").mkdir(mode=0o700)
            house = House(kind, folder / "data", postgres.url if postgres else "")
            fill = functools.partial(*((seed.into_postgres, postgres) if postgres else (seed.into_sqlite, folder / "data" / "cybercap.db")))
            counts, results, found_here = run(house, given, fill, random.Random(given.seed))
            every[kind] = counts, results
            faults += [f"{kind}: {fault}" for fault in found_here]
        finally:
            if postgres:
                postgres.stop()
            shutil.rmtree(folder, ignore_errors=True)
    text = "\n".join([
        "# Hidden equals absent, as `tests/python/hidden.py` timed it", "",
        f"{datetime.date.today()}, {given.pairs} pairs an operation, {'debug' if 'debug' in BINARY else 'release'} build, {os.cpu_count()} cores, "
        f"load average before {load:.1f}, {given.programs} programs, seed {given.seed}.",
        "A focal point of Kenya asks for records of others and for ids that nothing has; the last two lines are strangers at the door, with",
        "addresses that have an account and addresses that have none. The bodies were equal and so were the SQL statements, kind by kind. The",
        "interval is that of the sign test, the chance that of Wilcoxon's signed ranks. A run fails when medians or minima differ by more",
        "than 5 % and 2 ms, and at any other byte or statement.", "", verdict(every), "",
        *(table(kind, counts, results) for kind, (counts, results) in every.items()),
    ])
    print(text)
    if faults:
        print(f"{len(faults)} FAULTS:", *faults[:20], sep="\n  ")
        sys.exit(1)
    if given.results:
        pathlib.Path(given.results).write_text(text)


if __name__ == "__main__":
    main()
