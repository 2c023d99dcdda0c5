#!/usr/bin/env python3
"""A whole bureau's half year is replayed, then the server's folder is deleted. What is left: a sheet
with the bureau's key, and the laptops. The rebuilt server must come to the same records, reviews
and figures as the lost one.

    test_rebuild.py --replay PROGRAM --server PROGRAM --client PROGRAM --case CASE
"""
import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


class Serving:
    def __init__(self, program, data):
        self.process = subprocess.Popen(
            [program, "--data", data, "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline().split()
        assert line[:2] == ["listening", "on"], line
        self.url = line[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=10) == 0


def what_counts(program, data, period):
    status = json.loads(run(program, "--data", data, "status"))
    report = json.loads(run(program, "--data", data, "report", "--period", period))
    return {name: status[name] for name in ("changesets", "records", "conflicts", "state")}, report


def main():
    parser = argparse.ArgumentParser()
    for option in ("--replay", "--server", "--client", "--case"):
        parser.add_argument(option, required=True)
    programs = parser.parse_args()
    period = json.loads(pathlib.Path(programs.case).read_text(encoding="utf-8"))["period"]
    period = period if isinstance(period, str) else period["name"]
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder) / "work"
        work.mkdir()
        run(programs.replay, "--case", programs.case, "--work", work, "--json", "--no-window")
        data = work / "server"
        before = what_counts(programs.server, data, period)
        sheet = pathlib.Path(folder) / "sheet"
        sheet.write_text(run(programs.server, "--data", data, "bureau-key"))
        shutil.rmtree(data)

        run(programs.server, "--data", data, "init", "--recover", sheet)
        laptops = sorted(path for path in work.iterdir() if (path / "device.key").exists())
        assert len(laptops) > 1, laptops
        given_back = 0
        with Serving(programs.server, data) as serving:
            for home in laptops:
                answer = json.loads(run(programs.client, "--home", home, "sync", "--server",
                                        serving.url))
                given_back += answer["given_back"]
            # From now on the address is known.
            for home in laptops:
                run(programs.client, "--home", home, "sync")
                status = json.loads(run(programs.client, "--home", home, "status"))
                assert status["unsent_changesets"] == 0, status
                assert status["state"] == before[0]["state"], (home, status)
        assert given_back > 0, "no laptop brought back what others had made"
        after = what_counts(programs.server, data, period)
        assert after[0] == before[0], (before[0], after[0])
        assert after[1] == before[1], "the figures differ"
        verified = json.loads(run(programs.server, "--data", data, "verify"))
        assert verified["verify"] == "ok" and verified["gaps"] == 0, verified
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
