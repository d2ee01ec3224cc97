"""Contract fuzzing with schemathesis over the served document, as four people of the demo, on this machine alone."""

import os
import pathlib
import re
import subprocess
import sys

from served import ROOT, served

# Blocking: no request may be answered by a fault of ours. The checks of documents and schemas have open findings: they
# run with CONTRACT=all.
CHECKS = ["not_a_server_error"]
if os.environ.get("CONTRACT") == "all":
    CHECKS += [
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "missing_required_header",
        "ignored_auth",
    ]
# They end the session that the run itself uses, or lock its owner out of it.
ENDS_THE_RUN = ["/api/v1/auth/logout", "/api/v1/me/password", "/api/v1/me/sessions/{id}", "/api/v1/me/sessions"]
# Test cases for each operation: one person is asked for everything, the others show what their rights change.
EXAMPLES = {"administrator": ("coverage,fuzzing", 12), "coordinator": ("fuzzing", 5), "focal_point": ("fuzzing", 5)}


def people(house):
    """An administrator, a coordinator and the focal points of two countries."""
    roles = [house.person("administrator"), house.person("coordinator")]
    return roles + [login for login in house.logins if login["role"] == "focal_point"][:2]


def run(house, person, log):
    token = house.login(person["email"], person["password"])
    phases, examples = EXAMPLES[person["role"]]
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", f"{house.url}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS), "--phases", phases,
        "--max-examples", str(examples), "--seed", "20261122", "--no-shrink", "--continue-on-failure",
        "--request-timeout", "20", "--warnings", "off", "--max-time", "240",
    ]  # fmt: skip
    for path in ENDS_THE_RUN:
        command += ["--exclude-path", path]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=log.parent, env={**os.environ, "COLUMNS": "140"})
    log.write_text(done.stdout + done.stderr)
    cases = sum(int(n.replace(",", "")) for n in re.findall(r"Test cases:\s*\n?\s*([\d,]+)", done.stdout))
    print(f"{person['role']} {person['country'] or ''}: exit {done.returncode}, {cases} test cases")
    if done.returncode != 0:
        print(done.stdout[-12000:])
    return done.returncode, cases


def main():
    folder = ROOT / "target/ci"
    folder.mkdir(parents=True, exist_ok=True)
    total, failed = 0, []
    with served("--demo") as house:
        for place, person in enumerate(people(house)):
            status, cases = run(house, person, folder / f"schemathesis-{place}.log")
            total += cases
            if status != 0:
                failed.append(person["email"])
    print(f"schemathesis: {total} test cases, {'failures as ' + ', '.join(failed) if failed else 'no failure'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
