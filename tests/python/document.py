"""Fetches the served API document, validates it with openapi-spec-validator and writes it to a file."""

import json
import pathlib
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

from served import ROOT, served


def main(target):
    with served() as house:
        status, headers, document = house.ask("GET", "/api/v1/openapi.json")
    assert status == 200 and headers["Content-Type"].startswith("application/json"), (status, headers)
    errors = list(OpenAPIV31SpecValidator(document).iter_errors())
    assert not errors, errors
    committed = json.loads((ROOT / "tests/snapshots/openapi.json").read_text())
    assert document == committed, "the served document is not the committed one"
    pathlib.Path(target).write_text(json.dumps(document, indent=2))
    print(f"openapi-spec-validator: valid, {sum(len(item) for item in document['paths'].values())} operations")


if __name__ == "__main__":
    main(*sys.argv[1:])
