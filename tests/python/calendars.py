"""Our calendar files read by two programs that are not ours, `icalendar` (PyPI) and `ical.js` (npm): what clocks show, the
zone, the instants by the zone in the file itself, and the name, number and method that let a later state take the place of an
earlier one. Read are the feed of the real events, of seven difficult places, and the invitations of letters.

usage: calendars.py FOLDER-WITH-NODE_MODULES"""

import csv
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import icalendar

from mailbox import Mailbox
from served import ROOT, served

# Our column for each of theirs.
COLUMNS = {"title": "title", "type": "kind", "start_date": "first_day", "end_date": "last_day", "city": "city", "iso2": "country",
           "timezone": "zone", "organiser": "organizer", "gfce_theme": "themes", "source": "source"}
# Days before and after clocks changed their rules there.
PLACES = {
    "Africa/Cairo": ["2026-09-18", "2026-10-28", "2026-11-02"],
    "Africa/Casablanca": ["2026-09-18", "2026-09-21", "2027-07-01"],
    "America/Asuncion": ["2024-07-01", "2026-07-01", "2027-01-11"],
    "Asia/Kathmandu": ["2027-02-01", "2027-02-02"],
    "Pacific/Apia": ["2021-01-11", "2027-01-11"],
    "Australia/Lord_Howe": ["2027-04-03", "2027-04-04", "2027-04-05"],
    "Africa/Dakar": ["2026-09-18"],
}
HOST = "calendar.example"


def collection():
    """The real events, where they lie beside the checkout."""
    for folder in ROOT.parents:
        file = folder / "shared/reference/projects/training-events.csv"
        if file.exists():
            with file.open(encoding="utf-8-sig", newline="") as lines:
                return list(csv.DictReader(lines))
    print("without the real events: there is no shared/reference beside the checkout")
    return []


class House:
    """The demo's coordinator, with a program of Kenya and Senegal."""

    def __init__(self, running):
        self.running = running
        person = running.person("coordinator")
        self.token = running.login(person["email"], person["password"])
        countries = [{"country": "KE"}, {"country": "SN"}]
        self.program = self.send("POST", "/programs", {"title": {"en": "Calendars"}, "countries": countries})["id"]

    def send(self, method, path, body=None, headers=None):
        status, _, answer = self.running.ask(method, f"/api/v1{path}", body, self.token, headers)
        assert status < 300, (method, path, status, answer)
        return answer

    def change(self, session, patch):
        status, headers, answer = self.running.ask("GET", f"/api/v1/training-sessions/{session}", None, self.token)
        assert status == 200, answer
        fitting = {"If-Match": headers["ETag"], "Content-Type": "application/merge-patch+json"}
        return self.send("PATCH", f"/training-sessions/{session}", patch, fitting)

    def plan(self, draft):
        return self.send("POST", f"/programs/{self.program}/training-sessions", draft)["id"]

    def session(self, session):
        return self.send("GET", f"/training-sessions/{session}")

    def feed(self):
        """The coordinator's calendar."""
        address = urllib.parse.urlsplit(self.send("POST", "/me/feeds", {})["url"])
        with urllib.request.urlopen(f"{self.running.url}{address.path}?{address.query}", timeout=30) as answer:
            return answer.read().decode()


def entries(session, sequence=None):
    """What a calendar is to say of a session: one entry a day, by the clock of its zone."""
    said = []
    timed = any(day["starts"] for day in session["days"])
    for day in session["days"]:
        entry = {"uid": f"{session['id']}@{HOST}", "sequence": session["sequence"] if sequence is None else sequence}
        if timed:
            entry |= {"zone": session["zone"], "start": f"{day['date']}T{day['starts']}:00", "end": f"{day['date']}T{day['ends']}:00",
                      "at": instant(day["starts_at"]), "until": instant(day["ends_at"])}
        else:
            after = datetime.date.fromisoformat(day["date"]) + datetime.timedelta(days=1)
            entry |= {"zone": None, "start": day["date"], "end": str(after), "at": None, "until": None}
        said.append(entry)
    return said


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def read(text):
    """The same, as `icalendar` reads it; instants by the zones that the file carries."""
    calendar = icalendar.Calendar.from_ical(text)
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    found = []
    for event in calendar.walk("VEVENT"):
        start, end = event["DTSTART"], event["DTEND"]
        zone = start.params.get("TZID")
        assert zone == end.params.get("TZID"), event
        entry = {"uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]), "zone": zone, "at": None, "until": None}
        if isinstance(start.dt, datetime.datetime):
            clock = [moment.dt.replace(tzinfo=None) for moment in (start, end)]
            entry |= {"start": clock[0].isoformat(), "end": clock[1].isoformat()}
            entry["at"], entry["until"] = (int(moment.replace(tzinfo=zones[zone]).timestamp()) for moment in clock)
        else:
            entry |= {"start": str(start.dt), "end": str(end.dt)}
        found.append(entry)
    return str(calendar["METHOD"]), found


def plan_places(house):
    sessions = []
    for zone, days in PLACES.items():
        hours = [{"day": day, "starts": "09:00", "ends": "16:30"} for day in days]
        sessions.append(house.plan({"title": {"en": zone}, "zone": zone, "days": hours}))
    return sessions


def plan_events(house, events):
    """The real events, and once more with hours, which nobody said: only for what clocks show of them. All are 28 years later,
    on the same weekdays: a calendar does not show what is over for more than a year."""
    if not events:
        return []
    rows = [{ours: event[theirs] for theirs, ours in COLUMNS.items() if event[theirs]} for event in events]
    for row in rows:
        for name in ("first_day", "last_day"):
            row[name] = f"{int(row[name][:4]) + 28}{row[name][4:]}"
        row["themes"] = [row["themes"]]
        row["title"] = {"en": row["title"]}
    timed = [row | {"starts": "09:00", "ends": "16:30"} for row in rows if "zone" in row]
    done = house.send("POST", f"/programs/{house.program}/training-sessions/import", rows + timed)
    assert done["created"] == len(rows) + len(timed), done
    return [row["id"] for row in done["rows"]]


def invitations(house, box, name):
    """The letters to somebody with a seat: invited, told of another hour, another house, and of the end of it; and to
    somebody who withdrew. Each with what it is to say."""
    hours = [{"day": "2027-03-27", "starts": "09:00", "ends": "16:30"}, {"day": "2027-03-28", "starts": "09:00", "ends": "12:30"},
             {"day": "2027-03-30", "starts": "10:15", "ends": "11:00"}]
    session = house.plan({"title": {"en": "Drill, in; Rabat"}, "mode": "in_person", "city": "Rabat", "country": "MA",
                          "zone": "Africa/Casablanca", "days": hours, "countries": [{"country": "KE"}]})
    move = lambda to: house.send("POST", f"/training-sessions/{session}/transitions", {"to": to, "reason": "Elections."})
    move("published")
    person = {"country": "KE", "person": {"name": name.title(), "email": f"{name}@ministry.example", "language": "en"}}
    seat = house.send("POST", f"/training-sessions/{session}/registrations", person)
    other = {"country": "KE", "person": {"name": "Gone", "email": f"gone.{name}@ministry.example", "language": "en"}}
    gone = house.send("POST", f"/training-sessions/{session}/registrations", other)
    seen = [("REQUEST", letter(box, name, 1), entries(dated(house, session), seat["version"] - 1))]
    hours[2] |= {"day": "2027-03-31"}
    house.change(session, {"days": hours})
    seen.append(("REQUEST", letter(box, name, 2), entries(dated(house, session), 1)))
    house.change(session, {"venue": "Palais des congrès"})
    seen.append(("REQUEST", letter(box, name, 3), entries(dated(house, session), 2)))
    house.send("POST", f"/registrations/{gone['id']}/transitions", {"to": "withdrawn"})
    seen.append(("CANCEL", letter(box, f"gone.{name}", 4), entries(dated(house, session), 3)[:1]))
    move("cancelled")
    seen.append(("CANCEL", letter(box, name, 4), entries(dated(house, session), 3)[:1]))
    return seen


def dated(house, session):
    """A session with the date of each day under one name."""
    record = house.session(session)
    for day in record["days"]:
        day["date"] = day["day"]
    return record


def letter(box, name, number):
    """The calendar file of so-manyth letter to somebody."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        theirs = [letter for letter in box.taken() if letter.to == f"{name}@ministry.example"]
        if len(theirs) >= number:
            parts = theirs[number - 1].message.walk()
            part = next(part for part in parts if part.get_content_type() == "text/calendar")
            text = part.get_content()
            assert f"METHOD:{part.get_param('method')}" in text, part
            assert f"ATTENDEE" in text and f"mailto:{name}@ministry.example" in text.replace("\r\n ", "").replace("\n ", "")
            return text.replace("\r\n", "\n").replace("\n", "\r\n")
        time.sleep(0.1)
    raise SystemExit(f"letter {number} to {name} did not come: {[letter.to for letter in box.taken()]}")


def compare(what, method, text, expected, folder):
    """Both readers find what was said, and nothing else of these sessions."""
    ours = {entry["uid"] for entry in expected}
    order = lambda entry: json.dumps(entry, sort_keys=True)
    file = folder / "calendar.ics"
    file.write_bytes(text.encode())
    script = pathlib.Path(__file__).with_name("calendars.mjs")
    node = subprocess.run(["node", script, file, sys.argv[1]], stdout=subprocess.PIPE, check=True, timeout=60)
    for reader, (said, found) in (("icalendar", read(text)), ("ical.js", json.loads(node.stdout))):
        found = sorted((entry for entry in found if entry["uid"] in ours), key=order)
        assert said == method, (what, reader, said, method)
        for is_, should in zip(found, sorted(expected, key=order)):
            assert is_ == should, (what, reader, is_, should)
        assert len(found) == len(expected), (what, reader, len(found), len(expected))


def main():
    events = collection()
    with tempfile.TemporaryDirectory(prefix="cybercap-calendars-") as place, Mailbox(1) as box:
        folder = pathlib.Path(place)
        settings = {
            "CYBERCAP_SERVER__BASE_URL": f"http://{HOST}", "CYBERCAP_MAIL__TRANSPORT": "smtp",
            "CYBERCAP_MAIL__SMTP__HOST": "127.0.0.1", "CYBERCAP_MAIL__SMTP__PORT": str(box.port),
            "CYBERCAP_MAIL__SMTP__SECURITY": "none", "CYBERCAP_MAIL__LETTERS_PER_MINUTE": "0",
        }
        with served("--demo", environment=settings) as running:
            house = House(running)
            sessions = plan_places(house) + plan_events(house, events)
            said = [entry for session in sessions for entry in entries(dated(house, session))]
            compare("feed", "PUBLISH", house.feed(), said, folder)
            letters = invitations(house, box, "otieno")
            for number, (method, text, expected) in enumerate(letters):
                compare(f"letter {number}", method, text, expected, folder)
    print(f"{len(sessions)} sessions with {len(said)} days and {len(letters)} letters read by two programs, all as said")


if __name__ == "__main__":
    main()
