"""Logs in and lists programs with the Python client that openapi-python-client generated from our document."""

import importlib
import pathlib
import sys

from served import served


def call(package, tag, name, **arguments):
    """The generated function of an operation, whatever its module is called."""
    module = importlib.import_module(f"{package}.api.{tag}.{name}")
    return module.sync_detailed(**arguments)


def main(folder):
    folder = pathlib.Path(folder)
    sys.path.insert(0, str(folder.parent))
    package = folder.name
    client_module = importlib.import_module(package)
    models = importlib.import_module(f"{package}.models")
    with served("--demo") as house:
        person = house.person("coordinator")
        anyone = client_module.Client(base_url=house.url)
        body = models.Login(email=person["email"], password=person["password"])
        answer = call(package, "auth", "auth_log_in", client=anyone, body=body)
        assert answer.status_code == 200, answer
        known = client_module.AuthenticatedClient(base_url=house.url, token=answer.parsed.access_token)
        page = call(package, "programs", "programs_list", client=known)
        assert page.status_code == 200 and page.parsed.items, page
        print(f"the generated client logged in as {person['email']} and listed {len(page.parsed.items)} programs")


if __name__ == "__main__":
    main(*sys.argv[1:])
