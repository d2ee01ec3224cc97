"""Rows for the bench, the same at every run and in both databases; written straight into the tables of a migrated database."""

import datetime
import json
import random
import sqlite3
import subprocess
import uuid

# The first five are the scoped caller's.
COUNTRIES = ("KE SN VN RW GH CI TN JO MZ CV CO PE DO MD KZ KG MN PH FJ MV AO AR BD BJ BO BR BW CL CM CR DZ EC EG ET GE GT HN ID IN "
             "JM LA LK MA MW MX NG NP PY TH UG").split()
STATUSES = ["pipeline", "implementation", "implementation", "finalisation", "closed"]
MILESTONES = ["planned", "in_progress", "submitted", "accepted"]
WORDS = ("resilience incident forensics awareness policy legislation response crypto training exercise diplomacy workforce critical "
         "infrastructure maturity audit telecom banking health energy").split()
THEMES = ["A", "B", "C", "D", "E"]
PROGRAM = "01900000-0000-7000-8000-%012x"
MILESTONE = "01900001-0000-7000-8000-%012x"
USER = "01900002-0000-7000-8000-%012x"
GRANT = "01900003-0000-7000-8000-%012x"
HOUSE = str(uuid.UUID(int=0))
BORN = 1_577_836_800_000_000  # 2020-01-01 in microseconds
PEOPLE = 1000

# Columns by kind: u id, t instant in microseconds, anything else as it is.
TABLES = {
    "users": "u:id email email_folded name language timezone status version t:created_at u:created_by t:updated_at u:updated_by",
    "role_grants": "u:id u:user_id role country u:granted_by t:granted_at",
    "programs": "u:id title description status planned_start planned_end planned_start_on planned_end_on start_on search_text version "
                "t:created_at u:created_by t:updated_at u:updated_by",
    "program_countries": "u:program_id country share status",
    "program_themes": "u:program_id theme",
    "milestones": "u:id u:program_id country title u:owner acceptance due baseline_due weight status moves version t:created_at "
                  "u:created_by t:updated_at u:updated_by",
}


def folded(text):
    return " ".join("ZZ" + word for word in text.lower().split())


def users():
    for i in range(1, PEOPLE - 1):
        mail = f"user{i}@bench.example"
        yield (USER % i, mail, mail, f"User {i}", "en", "UTC", "active", 1, BORN, HOUSE, BORN, HOUSE)


def role_grants():
    for i in range(1, PEOPLE - 1):
        yield (GRANT % i, USER % i, "focal_point", COUNTRIES[i % len(COUNTRIES)], HOUSE, BORN)


def programs(count):
    """Each program with the country and status that its children repeat."""
    chance, first = random.Random(42), datetime.date(2020, 1, 1)
    for i in range(1, count + 1):
        country, status = chance.choice(COUNTRIES), chance.choice(STATUSES)
        a, b, c = chance.choice(WORDS), chance.choice(WORDS), chance.choice(WORDS)
        start = first + datetime.timedelta(days=chance.randint(0, 2500))
        end = start + datetime.timedelta(days=chance.randint(60, 900))
        title = f"National {a} {b} program {i}"
        about = f"Capacity building in {c}: " + "assess, plan, train and evaluate. " * 5
        at = BORN + i * 1_000_000
        row = (PROGRAM % i, json.dumps({"en": title}), json.dumps({"en": about}), status, str(start), str(end), str(start), str(end),
               str(start), folded(title), 1, at, HOUSE, at, HOUSE)
        yield i, country, status, start, row


def rows(table, count):
    if table == "users":
        yield from users()
    elif table == "role_grants":
        yield from role_grants()
    for i, country, status, start, row in programs(count) if table.startswith("program") or table == "milestones" else ():
        if table == "programs":
            yield row
        elif table == "program_countries":
            yield (PROGRAM % i, country, 10_000, status)
        elif table == "program_themes":
            yield (PROGRAM % i, THEMES[i % 5])
        else:
            for j in range(1, 11):
                due, at = str(start + datetime.timedelta(days=30 * j)), BORN + i * 1_000_000
                yield (MILESTONE % (i * 16 + j), PROGRAM % i, country, json.dumps({"en": f"Milestone {j} of program {i}"}),
                       USER % (i % (PEOPLE - 2) + 1), "country", due, due, 10, MILESTONES[(i + j) % 4], 0, 1, at, HOUSE, at, HOUSE)


def columns(table):
    return [column.rpartition(":") for column in TABLES[table].split()]


def into_sqlite(path, count):
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = OFF; BEGIN")
    for table in TABLES:
        kinds = columns(table)
        ids = [place for place, (kind, _, _) in enumerate(kinds) if kind == "u"]

        def bound(row):
            row = list(row)
            for place in ids:
                row[place] = bytes.fromhex(row[place].replace("-", ""))
            return row

        names = ", ".join(name for _, _, name in kinds)
        marks = ", ".join("?" * len(kinds))
        db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", map(bound, rows(table, count)))
    db.execute("COMMIT")
    db.executescript("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def into_postgres(postgres, count):
    for table in TABLES:
        kinds = columns(table)
        names = ", ".join(name for _, _, name in kinds)
        copy = subprocess.Popen(postgres.psql("-c", f"COPY {table} ({names}) FROM STDIN"), stdin=subprocess.PIPE, text=True)
        for row in rows(table, count):
            copy.stdin.write("\t".join(text(kind, value) for (kind, _, _), value in zip(kinds, row)) + "\n")
        copy.stdin.close()
        if copy.wait() != 0:
            raise SystemExit(f"{table} can't be filled")
    postgres.sql("VACUUM ANALYZE")


def text(kind, value):
    if kind == "t":
        return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=value)).isoformat() + "Z"
    return str(value).replace("\\", "\\\\").replace("\t", " ")
