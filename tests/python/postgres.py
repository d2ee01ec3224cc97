"""A PostgreSQL server of one's own in a folder, durable as in production; over a socket only."""

import csv
import io
import os
import pathlib
import shutil
import subprocess
import time


def found():
    """The folder of initdb and postgres, if they are on this machine."""
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = shutil.which("initdb")
    return folders[-1] if folders else initdb and pathlib.Path(initdb).resolve().parent


def programs():
    """The folder of initdb and postgres."""
    folder = found()
    if not folder:
        raise SystemExit("PostgreSQL's initdb is missing: apt-get install postgresql")
    return folder


class Postgres:
    """Runs from the moment it is made until `stop`, as nobody when started by root."""

    def __init__(self, folder, database, settings=()):
        self.bin, self.dir, self.database = programs(), pathlib.Path(folder), database
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        self.as_user = {}
        if os.getuid() == 0:
            for above in list(self.dir.parents)[:-1]:
                above.chmod(above.stat().st_mode | 0o011)
            os.chown(self.dir, 65534, 65534)
            self.as_user = {"user": 65534, "group": 65534, "cwd": "/"}
        quiet = {"stdout": subprocess.DEVNULL, "check": True, **self.as_user}
        data = self.dir / "data"
        subprocess.run([self.bin / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], **quiet)
        options = [part for setting in ("listen_addresses=", *settings) for part in ("-c", setting)]
        with open(self.dir / "log", "wb") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", data, "-k", self.dir, *options], stdout=log, stderr=log, **self.as_user
            )
        self.url = f"postgres://postgres@/{database}?host={self.dir}"
        end = time.monotonic() + 60
        while subprocess.run([self.bin / "pg_isready", "-h", self.dir], stdout=subprocess.DEVNULL).returncode != 0:
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit((self.dir / "log").read_text()[-2000:])
            time.sleep(0.1)
        subprocess.run([self.bin / "createdb", "-h", self.dir, "-U", "postgres", database], check=True)

    def psql(self, *arguments):
        """The command line of psql with these arguments."""
        return [self.bin / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.dir, "-U", "postgres", *arguments, self.database]

    def sql(self, text):
        """What psql prints: a line a row, columns parted by `|`."""
        return subprocess.run(self.psql("-At", "-c", text), check=True, capture_output=True, text=True).stdout

    def rows(self, query):
        """The rows of a query, values as text."""
        command = self.psql("-c", f"COPY ({query}) TO STDOUT WITH CSV")
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return list(csv.reader(io.StringIO(said)))

    @staticmethod
    def id(column):
        """An id as 32 hexadecimal digits, in SQL."""
        return f"replace({column}::text, '-', '')"

    def complaints(self):
        """What the server itself finds wrong with its data: nothing here, it was not killed."""
        return []

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
