"""What clients were told, and whether a database holds exactly that."""

import collections
import json
import sqlite3
import threading


class Sqlite:
    """The house's file, read beside it."""

    def __init__(self, path):
        self.path = path

    def rows(self, query):
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return [[str(value) for value in row] for row in db.execute(query)]
        finally:
            db.close()

    @staticmethod
    def id(column):
        return f"lower(hex({column}))"

    def complaints(self):
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        broken = self.rows("PRAGMA foreign_key_check")
        return [line for line in found if line != "ok"] + [f"foreign key: {row}" for row in broken]


class Ledger:
    """Acknowledged writes by id, shared by the writers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.programs = {}  # id: title
        self.milestones = {}  # id: (title, status, version)
        self.invited = {}  # address: id
        self.counts = collections.Counter()

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] += by

    def note(self, kind, record):
        """A record as an answer showed it."""
        key = record["id"].replace("-", "")
        with self.lock:
            if kind == "program":
                self.programs[key] = record["title"]
            elif kind == "milestone":
                self.milestones[key] = (record["title"], record["status"], record["version"])
            else:
                self.invited[record["email"]] = key

    def differences(self, db):
        """Every way in which the database is not what was acknowledged; empty when all is well."""
        return [*self.programs_differ(db), *self.milestones_differ(db), *self.people_differ(db), *audit_differs(db)]

    def programs_differ(self, db):
        stored = {row[0]: json.loads(row[1])["en"] for row in db.rows(f"SELECT {db.id('id')}, title FROM programs")}
        yield from compared("program", self.programs, stored)
        yield from twice("title of a program", stored.values())
        parts = "SELECT (SELECT count(*) FROM programs), (SELECT count(DISTINCT program_id) FROM program_countries), " \
                "(SELECT count(DISTINCT program_id) FROM role_grants WHERE program_id IS NOT NULL)"
        whole, countries, coordinators = db.rows(parts)[0]
        if not whole == countries == coordinators:
            yield f"half a program: {whole} programs, {countries} with countries, {coordinators} with a coordinator"

    def milestones_differ(self, db):
        query = f"SELECT {db.id('id')}, title, status, version FROM milestones"
        stored = {row[0]: (json.loads(row[1])["en"], row[2], int(row[3])) for row in db.rows(query)}
        yield from compared("milestone", self.milestones, stored)

    def people_differ(self, db):
        stored = {row[0]: row[1] for row in db.rows(f"SELECT email, {db.id('id')} FROM users WHERE email LIKE 'invited%'")}
        yield from compared("invitation", self.invited, stored)
        events = collections.Counter()
        for body, in db.rows("SELECT body FROM domain_events WHERE kind = 'user.invited'"):
            events[json.loads(body)["user_id"].replace("-", "")] += 1
        for address, person in self.invited.items():
            if events[person] != 1:
                yield f"{events[person]} events for the invitation of {address}"


def compared(what, told, stored):
    """Told but not stored, stored otherwise, stored but never told."""
    for key, value in told.items():
        if stored.get(key) != value:
            yield f"{what} {key}: told {value}, stored {stored.get(key)}"
    for key in stored.keys() - told.keys():
        yield f"{what} {key}: stored {stored[key]}, though nobody was told, nor asked again"


def twice(what, values):
    for value, count in collections.Counter(values).items():
        if count > 1:
            yield f"{what} stands {count} times: {value}"


def audit_differs(db):
    """Each effect has one entry of the chain."""
    pairs = (("program.created", "programs"), ("milestone.created", "milestones"))
    for action, table in pairs:
        query = f"SELECT (SELECT count(*) FROM audit_events WHERE action = '{action}'), (SELECT count(*) FROM {table})"
        entries, rows = db.rows(query)[0]
        if entries != rows:
            yield f"{entries} entries {action} for {rows} rows of {table}"
    steps = db.rows("SELECT (SELECT count(*) FROM audit_events WHERE object_kind = 'milestone'), "
                    "(SELECT coalesce(sum(version), 0) FROM milestones)")
    if int(steps[0][0]) != int(steps[0][1]):
        yield f"{steps[0][0]} entries about milestones, whose versions sum to {steps[0][1]}"
    places = "SELECT (SELECT count(*) FROM audit_events), (SELECT max(seq) FROM audit_events), (SELECT seq FROM audit_head)"
    last = db.rows(places)[0]
    if len(set(last)) != 1:
        yield f"the audit chain has a gap: rows, last place, head are {last}"


class Promises:
    """Letters that committed writes promised, against what the mail server took."""

    def __init__(self, mailbox):
        self.mailbox = mailbox
        self.kills = []  # instants
        self.twice = 0

    def waiting(self, db):
        """Events without letters, and letters that are not done."""
        return int(db.rows("SELECT (SELECT count(*) FROM domain_events WHERE planned_at IS NULL) + "
                           "(SELECT count(*) FROM letters WHERE state IN ('planned', 'queued', 'failed') AND "
                           "planned_for <= (SELECT max(created_at) FROM letters))")[0][0])

    def differences(self, db, invited):
        """Letters lost, sent twice without a reason, or said to be sent and not taken."""
        query = f"SELECT {db.id('id')}, state, rule, {db.id('recipient')} FROM letters WHERE digest_of IS NULL"
        copies = collections.defaultdict(list)
        # What has no event any more has its letter by the next question.
        unplanned = db.rows("SELECT count(*) FROM domain_events WHERE planned_at IS NULL")[0][0] != "0"
        # The mailbox is asked last: what the database calls sent was taken before.
        stored = db.rows(query)
        for letter in self.mailbox.taken():
            copies[letter.id.replace("-", "")].append(letter.at)
        letters = {row[0]: row[1:] for row in stored}
        for key, (state, rule, _) in letters.items():
            if state == "sent" and key not in copies:
                yield f"letter {key} ({rule}) is called sent, and the mail server never took it"
            if state in ("bounced", "dead"):
                yield f"letter {key} ({rule}) is {state}"
        for key in copies.keys() - letters.keys():
            yield f"the mail server took {key}, which no committed write promised"
        self.twice = 0
        for key, times in copies.items():
            for first, second in zip(times, times[1:]):
                self.twice += 1
                nearest = min((abs(kill - first), kill - first) for kill in self.kills or [0])[1]
                # What a killed sender had written into the line is read a little later.
                if not -0.2 <= nearest < 1:
                    yield f"letter {key} came twice, {second - first:.1f} s apart; the nearest kill was {nearest:.3f} s after the first"
        per_person = collections.Counter(row[2] for row in letters.values() if row[1] == "U1")
        for address, person in invited.items():
            if per_person[person] > 1 or (per_person[person] == 0 and not unplanned):
                yield f"{per_person[person]} letters for the invitation of {address}"
