#!/usr/bin/env python3
"""Measures obkit beside other generators of Rust clients, in one run on one machine.

For the smallest, the median and the largest document that every required tool reads, it takes the median
wall time and the peak memory of generation, and the time of `cargo check` over what was generated: cold, with
all dependencies, and warm, of the crate alone. README.md in this folder says how to read the figures.

Needs Python 3.9, GNU time, Rust and, for openapi-generator, Java. Uses the standard library only.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
VERSIONS = {"openapi-generator-cli": "7.26.0", "ploidy": "0.15.0", "cargo-progenitor": "0.15.1"}
# After this, a run counts as failed.
LIMIT = 900


class Tool:
    """A generator: how it is called, and whether a document must be read by it to be measured."""

    def __init__(self, name, version, command, required=True):
        self.name, self.version, self.command, self.required = name, version, command, required


class Run:
    """One run of a process: its wall time in seconds, its peak memory in KiB and what it said."""

    def __init__(self, command, **options):
        with tempfile.NamedTemporaryFile("r") as measured, tempfile.TemporaryFile("w+", errors="replace") as said:
            # GNU time forks from a small process. What Python forks starts with the peak of Python itself.
            timed = [shutil.which("time"), "--quiet", "--format=%M", f"--output={measured.name}", *map(str, command)]
            began = time.perf_counter()
            process = subprocess.Popen(
                timed, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True, **options
            )
            # A wait with a limit looks again and again, up to 50 ms apart: that would be what is measured.
            limit = threading.Timer(LIMIT, os.killpg, (process.pid, signal.SIGKILL))
            limit.start()
            self.is_good = process.wait() == 0
            self.seconds = time.perf_counter() - began
            limit.cancel()
            peak = measured.read().split()
            self.peak = int(peak[-1]) if peak else 0
            said.seek(0)
            self.said = said.read()

    def must(self):
        if not self.is_good:
            sys.exit(f"error: a step of the preparation failed:\n{self.said[-2000:]}")
        return self


def main():
    arguments = parse_arguments()
    if shutil.which("time") is None:
        sys.exit("error: GNU time is not installed")
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    tools = prepare(work, arguments)
    specs = choose(tools, work, arguments)
    rows = []
    for role, spec in specs:
        say(f"generating from {spec.name}, {arguments.runs} times with each tool")
        rows += generation(tools, role, spec, work, arguments.runs)
    if not arguments.no_check:
        for role, _ in specs:
            made = [row for row in rows if row["role"] == role and row["generated"]]
            # In turns, so that whatever else the machine does falls on all of them.
            for turn in range(arguments.colds):
                for row in made:
                    say(f"checking what {row['tool']} made of {row['spec']}, {turn + 1} of {arguments.colds}")
                    add_check(row, check(pathlib.Path(row["folder"]), work, arguments.runs))
    report(tools, rows, arguments)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=pathlib.Path, help="a folder with specs/*.{yaml,yml,json}")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "obkit-rivals",
                        help="where tools are installed and crates are made (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="runs per figure (default: %(default)s)")
    parser.add_argument("--colds", type=int, default=3, help="cold checks per figure (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="jobs when tools are installed")
    parser.add_argument("--obkit", type=pathlib.Path, help="an obkit to measure, instead of building one")
    parser.add_argument("--specs", help="file names to measure, with commas between, instead of choosing")
    parser.add_argument("--no-check", action="store_true", help="measure generation only")
    parser.add_argument("--json", type=pathlib.Path, help="writes the figures as JSON")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


# Preparation


def prepare(work, arguments):
    """Installs what is missing, and says how each tool is called."""
    obkit = arguments.obkit or build_obkit()
    jar = install_openapi_generator(work)
    ploidy = install_crate("ploidy", work, arguments.jobs)
    progenitor = install_crate("cargo-progenitor", work, arguments.jobs)
    revision = ["git", "-C", REPOSITORY, "describe", "--always", "--dirty"]
    revision = subprocess.run(revision, capture_output=True, text=True).stdout.strip()
    return [
        Tool("obkit", "as given" if arguments.obkit else revision or "?", lambda spec, out: [
            obkit, "generate", "--spec", spec, "--out", out, "--name", "client",
            "--runtime-path", REPOSITORY / "runtime"]),
        Tool("openapi-generator", VERSIONS["openapi-generator-cli"], lambda spec, out: [
            "java", "-jar", jar, "generate", "-i", spec, "-g", "rust", "--library", "reqwest", "-o", out,
            "--additional-properties", "packageName=client"]),
        Tool("ploidy", VERSIONS["ploidy"], lambda spec, out: [
            ploidy, "generate", "rust", spec, "--output", out, "--name", "client"]),
        # What obkit is built on, alone. It refuses most documents, so no document has to pass it.
        Tool("cargo-progenitor", VERSIONS["cargo-progenitor"], lambda spec, out: [
            progenitor, "progenitor", "--input", spec, "--output", out, "--name", "client", "--version", "0.1.0"],
            required=False),
    ]


def build_obkit():
    say("building obkit")
    Run(["cargo", "build", "--release", "--package", "obkit-cli"], cwd=REPOSITORY).must()
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "obkit"


def install_openapi_generator(work):
    """The jar of openapi-generator. It is called without the package's wrapper, which is a Python program."""
    package, folder = "openapi-generator-cli", work / "venv"
    jars = list(folder.glob("lib/*/site-packages/openapi_generator_cli/openapi-generator.jar"))
    if not jars:
        say(f"installing {package}")
        venv.create(folder, with_pip=True)
        Run([folder / "bin" / "pip", "install", "--quiet", f"{package}=={VERSIONS[package]}"]).must()
        jars = list(folder.glob("lib/*/site-packages/openapi_generator_cli/openapi-generator.jar"))
    if not jars or shutil.which("java") is None:
        sys.exit("error: openapi-generator needs its jar and Java")
    return jars[0]


def install_crate(name, work, jobs):
    binary = work / "tools" / "bin" / name
    if not binary.exists():
        say(f"installing {name}")
        install = ["cargo", "install", f"{name}@{VERSIONS[name]}", "--locked", "--root", work / "tools", "--jobs", jobs]
        Run(install, env={**os.environ, "CARGO_TARGET_DIR": str(work / "target" / "install")}).must()
    return binary


# The documents


def choose(tools, work, arguments):
    """The documents to measure: those that were asked for, else the smallest, the median and the largest."""
    folder = arguments.corpus / "specs"
    specs = [spec for spec in folder.iterdir() if spec.suffix in (".yaml", ".yml", ".json")]
    specs.sort(key=lambda spec: (spec.stat().st_size, spec.name))
    if arguments.specs:
        names = arguments.specs.split(",")
        found = [("asked for", spec) for spec in specs if spec.name in names]
        if len(found) < len(names):
            sys.exit(f"error: not all of {names} are in {folder}")
        return found
    specs = [spec for spec in specs if has_paths(spec)]
    say(f"trying {len(specs)} documents with each tool")
    read = {}
    for tool in tools:
        read[tool.name] = {spec for spec in specs if generate(tool, spec, work / "tried")[1]}
    shutil.rmtree(work / "tried", ignore_errors=True)
    print(f"Of {len(specs)} documents with operations, so many become a crate with the defaults of each tool: "
          + ", ".join(f"{name} {len(read[name])}" for name in read) + ".\n")
    common = [spec for spec in specs if all(spec in read[tool.name] for tool in tools if tool.required)]
    if not common:
        sys.exit("error: no document is read by every tool")
    roles = {"smallest": common[0], "median": common[len(common) // 2], "largest": common[-1]}
    return list(roles.items())


def has_paths(spec):
    """Whether a document has operations of its own: a client of webhooks alone has nothing to call."""
    text = spec.read_text(encoding="utf-8-sig", errors="replace")
    if text.lstrip().startswith("{"):
        return any(path.startswith("/") for path in json.loads(text).get("paths", {}))
    return re.search(r"^['\"]?paths['\"]?:[^\n]*\n(\s*(#[^\n]*)?\n)*\s+['\"]?/", text, re.MULTILINE) is not None


# Generation


def generate(tool, spec, folder):
    """Generates a crate into a folder of its own: the run, and whether there is a crate."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    run = Run(tool.command(spec, folder))
    return run, run.is_good and (folder / "src" / "lib.rs").exists()


def generation(tools, role, spec, work, count):
    """Generates with every tool in turn, so that what else the machine does meets all of them."""
    folders = {tool.name: work / "crates" / spec.name / tool.name for tool in tools}
    # Not counted: it warms the caches.
    usable = [tool for tool in tools if generate(tool, spec, folders[tool.name])[1]]
    runs = {tool.name: [] for tool in usable}
    for _ in range(count):
        for tool in usable:
            runs[tool.name].append(generate(tool, spec, folders[tool.name])[0])
    rows = []
    for tool in tools:
        row = {"role": role, "spec": spec.name, "bytes": spec.stat().st_size, "tool": tool.name,
               "generated": tool in usable, "folder": str(folders[tool.name])}
        if tool in usable:
            seconds = [run.seconds for run in runs[tool.name]]
            row["seconds"], row["all_seconds"] = statistics.median(seconds), seconds
            row["peak_kib"] = statistics.median(run.peak for run in runs[tool.name])
            row["lines"] = sum(len(file.read_bytes().splitlines()) for file in folders[tool.name].rglob("*.rs"))
        rows.append(row)
    return rows


# Compilation


def check(folder, work, count):
    """Times `cargo check`: once with all dependencies, then of the crate alone."""
    target = work / "target" / "check"
    shutil.rmtree(target, ignore_errors=True)
    options = {"cwd": folder, "env": {**os.environ, "CARGO_TARGET_DIR": str(target)}}
    fetched = Run(["cargo", "fetch"], **options)
    if not fetched.is_good:
        return {"check_error": first_error(fetched.said)}
    packages = (folder / "Cargo.lock").read_text().count("[[package]]") - 1
    command = ["cargo", "check", "--offline", "--lib"]
    # As a build server does it. It makes the runtime, which here is a folder, the dependency that it is for its users:
    # what comes from a registry is not compiled incrementally, either.
    cold = Run(command, cwd=folder, env={**options["env"], "CARGO_INCREMENTAL": "0"})
    # Compiles the crate's own once more, incrementally, so that what follows starts from there.
    Run(command, **options)
    warm = []
    for _ in range(count):
        (folder / "src" / "lib.rs").touch()
        warm.append(Run(command, **options))
    shutil.rmtree(target, ignore_errors=True)
    if not cold.is_good:
        # The figures would be those of a compiler that gave up.
        return {"check_error": first_error(cold.said), "packages": packages}
    return {
        "packages": packages,
        "all_cold_seconds": [cold.seconds],
        "all_warm_seconds": [run.seconds for run in warm],
        "warnings": cold.said.count("\nwarning: ") - cold.said.count(" generated "),
    }


def add_check(row, checked):
    """Adds what was measured in one more turn."""
    for key in ("all_cold_seconds", "all_warm_seconds"):
        if key in checked:
            checked[key] = row.get(key, []) + checked[key]
            checked[key.removeprefix("all_")] = statistics.median(checked[key])
    row.update(checked)


def first_error(said):
    errors = [line for line in said.splitlines() if line.startswith("error")]
    return f"{errors[0]} ({len(errors)} errors)" if errors else "failed"


# The report


def report(tools, rows, arguments):
    java = Run(["java", "-version"]).said.splitlines()
    rust = Run(["rustc", "--version"]).said.strip()
    versions = ", ".join(f"{tool.name} {tool.version}" for tool in tools)
    machine = f"{os.cpu_count()} cores; {rust}; {java[0] if java else 'no Java'}"
    print(f"{versions}; {machine}; medians of {arguments.runs} runs, cold checks of {arguments.colds}.\n")
    print("| document | tool | generation | peak | lines | packages | check, cold | check, crate alone |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        document = f"{row['role']}: {row['spec']} ({row['bytes'] / 1000:.0f} kB)"
        if not row["generated"]:
            print(f"| {document} | {row['tool']} | refuses it | | | | | |")
            continue
        cells = [document, row["tool"], duration(row["seconds"]), f"{row['peak_kib'] / 1024:.0f} MiB", f"{row['lines']:,}"]
        cells.append(str(row.get("packages", "")))
        if "check_error" in row:
            cells += ["does not compile", ""]
        else:
            cells += [duration(row[key]) if key in row else "" for key in ("cold_seconds", "warm_seconds")]
        print("| " + " | ".join(cells) + " |")
    for row in rows:
        if "check_error" in row:
            print(f"\n{row['tool']}, {row['spec']}: {row['check_error']}")
    if arguments.json:
        figures = {"versions": versions, "machine": machine, "runs": arguments.runs, "rows": rows}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def duration(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


if __name__ == "__main__":
    main()
