"""Runs the commands of the README, so that they can't be wrong.

Every ```sh block has one of these comments on the line before it:
    <!-- ci: run -->            it must succeed; all run blocks share one shell, so variables stay
    <!-- ci: serve -->          a server: it runs in the background until the last block is done; the next block
                                starts when http://127.0.0.1:8080/livez answers
    <!-- ci: skip (reason) -->  not run here: it needs a host that we do not have, or has its own section of .ci/run
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

BLOCK = re.compile(r"(?:<!-- ci: (?P<mark>[^>]*?) -->\s*\n)?```sh\n(?P<text>.*?)```", re.S)
LIVE = "http://127.0.0.1:8080/livez"


def answers():
    try:
        with urllib.request.urlopen(LIVE, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def start(text, log):
    assert not answers(), f"something already answers at {LIVE}"
    process = subprocess.Popen(
        ["bash", "-euc", text], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    for _ in range(1800):
        if answers():
            return process
        if process.poll() is not None:
            break
        time.sleep(0.5)
    stop(process)
    log.flush()
    sys.exit(f"the README's server did not answer:\n{text}\n{pathlib.Path(log.name).read_text()[-3000:]}")


def stop(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(45)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def main(readme):
    blocks = [(match["mark"] or "", match["text"]) for match in BLOCK.finditer(pathlib.Path(readme).read_text())]
    unmarked = [text for mark, text in blocks if not mark]
    if unmarked:
        sys.exit("these ```sh blocks of the README have no `<!-- ci: run | serve | skip (reason) -->` before them:\n" + "\n".join(unmarked))
    assert any(mark == "serve" for mark, _ in blocks), "the README starts no server"
    servers, scripts = [], []
    with tempfile.TemporaryDirectory(prefix="cybercap-readme-") as folder:
        log = open(pathlib.Path(folder) / "server.log", "w+")
        try:
            for mark, text in blocks:
                if mark == "serve":
                    began = time.monotonic()
                    servers.append(start(text, log))
                    print(f"serves after {time.monotonic() - began:.1f} s: {text.strip()}")
                elif mark == "run":
                    scripts.append(text)
                    print(f"runs: {text.strip()}")
                else:
                    assert re.fullmatch(r"skip \(.+\)", mark), f"unknown mark {mark!r}"
                    print(f"{mark}: {text.strip().splitlines()[0]} ...")
            if scripts:
                script = "set -euo pipefail\n" + "\n".join(scripts)
                done = subprocess.run(["bash", "-c", script], stdin=subprocess.DEVNULL, timeout=900, capture_output=True, text=True)
                if done.returncode != 0:
                    sys.exit(f"a command of the README failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
                print(done.stdout[-1500:])
        finally:
            for process in servers:
                stop(process)
            log.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
