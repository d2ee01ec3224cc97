"""One person over HTTP, and how long their pages take."""

import http.client
import statistics
import time
import urllib.parse

API = "/api/v1"


class Asking:
    """A person of the demo, logged in."""

    def __init__(self, running, role):
        login = running.person(role)
        self.running, self.token = running, running.login(login["email"], login["password"])
        self.country = login.get("country")
        self.id = self.ask("GET", "/me")["id"]

    def ask(self, method, path, body=None, expect=200):
        status, _, answer = self.running.ask(method, API + path, body, self.token)
        assert status == expect, (method, path, status, answer)
        return answer

    def opened(self, framework, title, **more):
        """An assessment of the person's country, open for answers."""
        draft = {"framework_id": framework, "country": self.country, "title": {"en": title}, "period_from": "2026-01-01",
                 "period_to": "2026-12-31", **more}
        made = self.ask("POST", "/assessments", draft, 201)["id"]
        self.ask("POST", f"/assessments/{made}/transitions", {"to": "in_progress"})
        return made

    def answered(self, made, items):
        for start in range(0, len(items), 500):
            self.ask("POST", f"/assessments/{made}/answers", {"items": items[start:start + 500]})


def timed(running, token, paths, asked, right=lambda path, said: None):
    """Milliseconds of each page, least and median, over one connection; each answer is judged by `right`."""
    line = http.client.HTTPConnection(urllib.parse.urlsplit(running.url).netloc, timeout=60)
    took = {path: [] for path in paths}
    for _ in range(asked):
        for path in paths:
            began = time.perf_counter()
            line.request("GET", API + path, headers={"Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            said = answer.read()
            took[path].append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, (path, said)
            right(path, said)
    return {path: (min(times), statistics.median(times)) for path, times in took.items()}
