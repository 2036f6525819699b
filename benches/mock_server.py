#!/usr/bin/env python3
"""Measures `obkit mock` beside Prism, in one run on one machine, with the same load client.

For each document it takes the time from the start of the process to its first answer, and the requests that are
answered in a second, as medians of several runs in which the tools take turns. Each run begins with a request whose
answer must be a success of both. README.md in this folder says how to read the figures.

Needs Python 3.9, Rust, Node with npm, and wrk. Uses the standard library only.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
PRISM = "5.14.2"
# After this, a server counts as one that does not start.
LIMIT = 120
CREDENTIALS = ["Authorization: Bearer t"]
ID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
FENA = [f"client_id: {ID}", f"client_secret: {ID}"]


def main():
    arguments = parse_arguments()
    if shutil.which("wrk") is None:
        sys.exit("error: wrk is not installed (Debian: apt-get install wrk)")
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    tools = {"obkit": [arguments.obkit or build_obkit(), "mock", "--spec"], "prism": install_prism(work)}
    subjects = [(REPOSITORY / "specs/fena/openapi.yaml", arguments.target, FENA)]
    if arguments.spec:
        subjects.append((arguments.spec, arguments.spec_target, arguments.header or CREDENTIALS))
    rows = []
    for spec, target, headers in subjects:
        rows += measure(tools, spec, target, headers, arguments)
    report(rows, arguments)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "obkit-mock",
                        help="where Prism is installed (default: %(default)s)")
    parser.add_argument("--target", default="/providers", help="what is asked of the Fena document (default: %(default)s)")
    parser.add_argument("--spec", type=pathlib.Path, help="a second document, such as a large one")
    parser.add_argument("--spec-target", default="/", help="what is asked of it")
    parser.add_argument("--header", action="append", help="a header field of requests to it; may be repeated")
    parser.add_argument("--runs", type=int, default=5, help="runs per figure (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=5, help="how long each run asks (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=32, help="how many at a time (default: %(default)s)")
    parser.add_argument("--obkit", type=pathlib.Path, help="an obkit to measure, instead of building one")
    parser.add_argument("--json", type=pathlib.Path, help="writes the figures as JSON")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def build_obkit():
    say("building obkit")
    subprocess.run(["cargo", "build", "--release", "--package", "obkit-cli"], cwd=REPOSITORY, check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "obkit"


def install_prism(work):
    """Prism as a Node program, called without the package manager's wrapper."""
    program = work / "node_modules/@stoplight/prism-cli/dist/index.js"
    if not program.exists():
        say("installing Prism")
        install = ["npm", "install", "--prefix", work, "--no-audit", "--no-fund", f"@stoplight/prism-cli@{PRISM}"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    # It validates requests without being asked to. Its log is as silent as it can be.
    return ["node", program, "mock", "--verboseLevel", "silent"]


class Server:
    """A running server, with the time it took to answer."""

    def __init__(self, command, spec, target, headers):
        self.port = free_port()
        began = time.perf_counter()
        arguments = [*map(str, command), str(spec), "--port", str(self.port), "--host", "127.0.0.1"]
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.status, self.body = ask(self.port, target, headers)
                break
            except OSError:
                if self.process.poll() is not None or time.perf_counter() - began > LIMIT:
                    self.stop()
                    sys.exit(f"error: {command[0]} does not serve {spec}")
                time.sleep(0.001)
        self.ready = time.perf_counter() - began

    def peak(self):
        """The most memory it has had, in KiB."""
        found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found.group(1)) if found else 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(port, target, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", target, headers=dict(header.split(": ", 1) for header in headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError from error
    finally:
        connection.close()


def load(port, target, headers, arguments, seconds):
    fields = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t", "1", "-c", str(arguments.connections), "-d", f"{seconds}s", "--latency", *fields,
               f"http://127.0.0.1:{port}{target}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"error: not every answer was a success:\n{said}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure(tools, spec, target, headers, arguments):
    figures = {name: {"ready": [], "rate": [], "p99": [], "peak": [], "body": []} for name in tools}
    for run in range(arguments.runs):
        for name, command in tools.items():
            say(f"{spec.name}: {name}, run {run + 1} of {arguments.runs}")
            server = Server(command, spec, target, headers)
            try:
                if server.status // 100 != 2:
                    sys.exit(f"error: {name} answers {server.status} to GET {target}: {server.body[:500]}")
                load(server.port, target, headers, arguments, 1)  # Not counted: it warms what there is to warm.
                rate, p99 = load(server.port, target, headers, arguments, arguments.seconds)
                figure = {"ready": server.ready, "rate": rate, "p99": p99, "peak": server.peak(), "body": len(server.body)}
                for key, value in figure.items():
                    figures[name][key].append(value)
            finally:
                server.stop()
    return [{"spec": spec.name, "bytes": spec.stat().st_size, "target": target, "tool": name, "all": all_figures,
             **{key: statistics.median(values) for key, values in all_figures.items()}}
            for name, all_figures in figures.items()]


def report(rows, arguments):
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    node = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    print(f"Prism {PRISM} on Node {node}; {os.cpu_count()} cores, which the load client shares; {rust}; wrk with "
          f"{arguments.connections} connections; medians of {arguments.runs} runs of {arguments.seconds} s.\n")
    print("| document | asked | tool | body | first answer | requests/s | 99 % within | peak memory |")
    print("|---|---|---|---:|---:|---:|---:|---:|")
    for row in rows:
        print(f"| {row['spec']} ({row['bytes'] / 1000:.0f} kB) | `GET {row['target']}` | {row['tool']} | {row['body']:.0f} B | "
              f"{row['ready'] * 1000:.0f} ms | {row['rate']:,.0f} | {row['p99']:.1f} ms | {row['peak'] / 1024:.0f} MiB |")
    print()
    for spec in dict.fromkeys(row["spec"] for row in rows):
        rate = {row["tool"]: row["rate"] for row in rows if row["spec"] == spec}
        print(f"{spec}: {rate['obkit'] / rate['prism']:.1f} times the requests of Prism.")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
