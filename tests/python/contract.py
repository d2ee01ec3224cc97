"""Contract fuzzing with schemathesis over the served document, as four people of the demo at once, on this machine alone."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from served import ROOT, served

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
# They end the session that asks: they come last, and each of their requests logs in anew. The tool does not know of those
# tokens, so that two checks can't judge them there; the access walk of the suite asks every route without a good token.
BLIND = ["ignored_auth", "missing_required_header"]
ENDS_THE_RUN = ["/api/v1/auth/logout", "/api/v1/me/password", "/api/v1/me/sessions/{id}", "/api/v1/me/sessions"]
# What each is asked: the administrator everything, in three parts; the others show what their rights change. Two run at a
# time, so that none outlives its access token of ten minutes, on a slow machine too.
BUSIEST = "/(programs|milestones|partners)"
TRAINING = "/(training-sessions|registrations|participants|attendance|courses)"
FULL, SHORT = ["--phases", "coverage,fuzzing"], ["--phases", "fuzzing"]
ASKED = {
    "administrator": [
        FULL + ["--include-path-regex", BUSIEST],
        FULL + ["--include-path-regex", TRAINING, "--exclude-path-regex", BUSIEST],
        FULL + ["--exclude-path-regex", f"{BUSIEST}|{TRAINING}"],
    ],
    "coordinator": [SHORT],
    "focal_point": [SHORT],
}
EXAMPLES = 12
# All requests of a run, and those of them that did what they asked for: an ended session would make a run of 401 only.
LEAST_CASES, LEAST_ACCEPTED = 5000, 500


def people(house):
    """An administrator, a coordinator and the focal points of two countries."""
    roles = [house.person("administrator"), house.person("coordinator")]
    return roles + [login for login in house.logins if login["role"] == "focal_point"][:2]


def without(paths):
    return [part for path in paths for part in ("--exclude-path", path)]


def only(paths):
    return [part for path in paths for part in ("--include-path", path)]


def number(house, person):
    """The id of a person."""
    token = house.login(person["email"], person["password"])
    return house.ask("GET", "/api/v1/me", token=token)[2]["id"]


def run(house, place, person, asked, folder, spared, anew=False):
    """Exit status, test cases and accepted requests of one run."""
    token = house.login(person["email"], person["password"])
    checks = [check for check in CHECKS if not (anew and check in BLIND)]
    report, log = folder / f"schemathesis-{place}.json", folder / f"schemathesis-{place}.log"
    here = pathlib.Path(__file__).parent
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(here / "schemathesis.toml"),
        "run", f"{house.url}/api/v1/openapi.json", *([] if anew else ["--header", f"Authorization: Bearer {token}"]),
        "--checks", ",".join(checks), "--max-examples", str(EXAMPLES), "--seed", "20261122",
        "--no-shrink", "--report", "json", "--report-json-path", str(report), *asked,
    ]  # fmt: skip
    environment = {"COLUMNS": "140", "CONTRACT_URL": house.url, "CONTRACT_TOKEN": token, "PYTHONPATH": str(here)}
    environment["CONTRACT_SPARED"] = " ".join(spared)
    if anew:
        environment |= {"CONTRACT_EMAIL": person["email"], "CONTRACT_PASSWORD": person["password"]}
    environment = {**os.environ, **environment}
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=folder, env=environment)
    log.write_text(done.stdout + done.stderr)
    told = json.loads(report.read_text()) if done.returncode in (0, 1) else {}
    cases = told.get("test_cases", {}).get("generated", 0)
    rates = [phase for rate in told.get("valid_rates", {}).values() for phase in rate.values()]
    accepted = sum(rate.get("accepted", 0) for rate in rates)
    print(f"{person['role']} {person['country'] or ''}: exit {done.returncode}, {cases} cases, {accepted} accepted", flush=True)
    if done.returncode != 0:
        print((done.stdout + done.stderr)[-12000:])
    still_in = house.ask("GET", "/api/v1/me", token=token)[0] == 200
    assert anew or still_in, f"{person['email']} was logged out by the run"
    return done.returncode, cases, accepted


def main():
    folder = ROOT / "target/ci"
    folder.mkdir(parents=True, exist_ok=True)
    with served("--demo") as house, concurrent.futures.ThreadPoolExecutor(2) as pool:
        spared = [number(house, person) for person in people(house)]
        asked = [(person, part) for person in people(house) for part in ASKED[person["role"]]]
        runs = [
            pool.submit(run, house, place, person, part + without(ENDS_THE_RUN), folder, spared)
            for place, (person, part) in enumerate(asked)
        ]
        done = [each.result() for each in runs]
        last = house.person("coordinator")
        done.append(run(house, len(done), last, FULL + only(ENDS_THE_RUN), folder, spared, anew=True))
    failed = sum(status != 0 for status, _, _ in done)
    cases, accepted = sum(cases for _, cases, _ in done), sum(accepted for _, _, accepted in done)
    print(f"schemathesis: {cases} test cases, {accepted} accepted, {failed} of {len(done)} runs with findings")
    assert len(done) == 7 and cases >= LEAST_CASES and accepted >= LEAST_ACCEPTED, "too little was asked"
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
