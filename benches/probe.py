#!/usr/bin/env python3
"""Measures `obkit probe` beside schemathesis, on the same servers: requests a second, and faults found.

The servers are those of `conformance/examples/mutation`: the right server of a provider, then servers with one seeded
fault each. Both tools get the same document, the same credentials and as many workers, and take turns. README.md in
this folder says how to read the figures.

Needs Python 3.10 and Rust. Uses the standard library only; schemathesis is installed into the folder that --work names.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import venv

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
VERSION = "4.32.5"
SECRET = "user:obkit-secret"
# After this, a run counts as one that found nothing.
LIMIT = 900
# How long both ask a right server, in seconds, where they are not done before.
RIGHT = 60


def main():
    arguments = parse_arguments()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    obkit, mutation = build(arguments)
    rival = install(work, arguments)
    faults = listed(mutation, arguments)
    print(f"obkit {revision()}, schemathesis {arguments.version}; {os.cpu_count()} cores, {arguments.workers} workers.\n")
    print("| server | tool | requests | seconds | a second | blamed |\n|---|---|---:|---:|---:|---:|")
    tools = {"obkit": ask_obkit(obkit), "schemathesis": ask_schemathesis(rival)}
    blamed = {}
    for provider in arguments.providers.split(","):
        for name, tool in tools.items():
            with Server(mutation, 0, provider, arguments) as server:
                run = tool(server, provider, work, arguments, RIGHT)
            blamed[name, provider] = run["found"]
            rate = run["requests"] / run["seconds"] if run["requests"] else 0
            print(f"| {provider} | {name} | {run['requests']} | {run['seconds']:.1f} | {rate:.0f} | {len(run['found'])} |", flush=True)
    compare(tools, faults, blamed, mutation, work, arguments)


def compare(tools, faults, blamed, mutation, work, arguments):
    """How many of the seeded faults each tool finds."""
    found, seconds = dict.fromkeys(tools, 0), dict.fromkeys(tools, 0.0)
    chosen = faults[:: max(1, len(faults) // max(1, arguments.faults))][: arguments.faults]
    for number, provider, kind in chosen:
        for name, tool in tools.items():
            with Server(mutation, number, provider, arguments) as server:
                run = tool(server, provider, work, arguments, arguments.seconds)
            # What a right server is blamed for as well is no fault that was found.
            is_found = bool(run["found"] - blamed[name, provider])
            found[name] += is_found
            seconds[name] += run["seconds"]
            say(f"fault {number} ({provider}, {kind}): {name} {'found' if is_found else 'missed'}")
    if chosen:
        each = {name: total / len(chosen) for name, total in seconds.items()}
        told = (f"{name} found {count} of {len(chosen)} faults, in {each[name]:.1f} s each" for name, count in found.items())
        print("\n" + "; ".join(told) + ".")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "obkit-rivals",
                        help="where schemathesis is installed (default: %(default)s)")
    parser.add_argument("--version", default=VERSION, help="of schemathesis (default: %(default)s)")
    parser.add_argument("--providers", default="fena,finqlink,candescent,wych", help="with commas between (default: %(default)s)")
    parser.add_argument("--faults", type=int, default=0, help="how many seeded faults both tools are asked for (default: none)")
    parser.add_argument("--seconds", type=int, help="how long both look for a fault (default: until they are done)")
    parser.add_argument("--seed", type=int, default=1, help="of the faults (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=4, help="of both tools (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=100, help="requests by chance for an operation (default: %(default)s)")
    parser.add_argument("--bin", type=pathlib.Path, help="a folder with obkit and examples/mutation, instead of building them")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def must(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"error: a step of the preparation failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def revision():
    return must(["git", "-C", REPOSITORY, "describe", "--always", "--dirty"]).strip()


def build(arguments):
    folder = arguments.bin
    if folder is None:
        say("building obkit")
        must(["cargo", "build", "--release", "--package", "obkit-cli"], cwd=REPOSITORY)
        must(["cargo", "build", "--release", "--package", "obkit-conformance", "--example", "mutation"], cwd=REPOSITORY)
        folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release"
    return folder.resolve() / "obkit", folder.resolve() / "examples" / "mutation"


def install(work, arguments):
    folder = work / f"schemathesis-{arguments.version}"
    binary = folder / "bin" / "schemathesis"
    if not binary.exists():
        say("installing schemathesis")
        venv.create(folder, with_pip=True)
        must([folder / "bin" / "pip", "install", "--quiet", f"schemathesis=={arguments.version}"])
    return binary


def listed(mutation, arguments):
    """Number, provider and kind of every seeded fault."""
    if arguments.faults == 0:
        return []
    lines = must([mutation, "--list", "--seed", arguments.seed]).splitlines()
    rows = [re.match(r"(\d+) (\w+) (\w+: [^:]*):", line) for line in lines]
    wanted = arguments.providers.split(",")
    return [(int(row[1]), row[2], row[3]) for row in rows if row and row[2] in wanted]


class Server:
    """A server of the example, in a process of its own."""

    def __init__(self, mutation, number, provider, arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.command = [mutation, "--serve", number, "--provider", provider, "--port", self.port, "--seed", arguments.seed]

    def __enter__(self):
        self.process = subprocess.Popen(list(map(str, self.command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return f"http://127.0.0.1:{self.port}"
            time.sleep(0.05)
        sys.exit("error: a server does not start")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def ask_obkit(obkit):
    def ask(server, provider, work, arguments, seconds):
        report = work / "obkit.json"
        command = [obkit, "probe", "--provider", provider, "--root", REPOSITORY, "--base-url", server, "--auth-env", "PROBE_SECRET",
                   "--workers", arguments.workers, "--fuzz-cases", arguments.examples, "--format", "json", "-o", report]
        command += ["--max-time", f"{seconds}s"] if seconds else []
        began = time.perf_counter()
        subprocess.run(list(map(str, command)), env={**os.environ, "PROBE_SECRET": SECRET}, timeout=LIMIT,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.perf_counter() - began
        told = json.loads(report.read_text())
        report.unlink()
        found = {(failure["finding"]["operation"], failure["finding"]["rule"]) for failure in told["failures"]}
        return {"requests": told["requests"], "seconds": took, "found": found}
    return ask


def ask_schemathesis(rival):
    def ask(server, provider, work, arguments, seconds):
        # One field cannot hold both forms of `Authorization`: the one of the document's schemes is sent.
        text = (REPOSITORY / "specs" / provider / "openapi.yaml").read_text()
        basic = base64.b64encode(SECRET.encode()).decode()
        form = f"Basic {basic}" if "scheme: basic" in text and "scheme: bearer" not in text else f"Bearer {SECRET}"
        headers = ["-H", f"Authorization: {form}"]
        for name in set(re.findall(r"in: header\s+name: ([\w-]+)|name: ([\w-]+)\s+in: header", text.split("securitySchemes:")[-1])):
            headers += ["-H", f"{name[0] or name[1]}: {SECRET}"]
        command = [rival, "run", REPOSITORY / "specs" / provider / "openapi.yaml", "--url", server, "--workers", arguments.workers,
                   "--max-examples", arguments.examples, "--continue-on-failure", "--no-color", *headers]
        command += ["--max-time", seconds] if seconds else []
        began = time.perf_counter()
        try:
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=LIMIT, cwd=work)
            said = done.stdout
        except subprocess.TimeoutExpired:
            said = ""
        took = time.perf_counter() - began
        requests = re.search(r"(\d+) generated", said)
        return {"requests": int(requests[1]) if requests else 0, "seconds": took, "found": failures(said)}
    return ask


def failures(said):
    """Operation and check of every failure that schemathesis tells: `____ GET /path ____`, and below it `- ST103 ...`."""
    found, operation = set(), None
    for line in said.splitlines():
        if heading := re.fullmatch(r"_{3,} (.+) _{3,}", line):
            operation = heading[1]
        elif check := re.match(r"- (ST\d+)", line):
            found.add((operation, check[1]))
    return found


if __name__ == "__main__":
    main()
