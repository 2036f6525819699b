#!/usr/bin/env python3
"""Measures how many payloads obkit, ajv and jsonschema-rs validate in a second, in one run on one machine.

All of them get the documented examples of a specification, parsed, and the same schemas, compiled beforehand: those that obkit makes of the
document, which are JSON Schema 2020-12. Formats are asserted. The tools take turns; the figures are medians of several runs.
README.md in this folder says how to read them.

Needs Python 3.9, Rust, and Node with npm. Uses the standard library only; the rivals are installed into a folder of their own.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import venv

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
VERSIONS = {"ajv": "8.20.0", "ajv-formats": "3.0.1", "jsonschema-rs": "0.60.3"}

# Both are given the file of cases and how long to validate, and print what obkit prints.
AJV = """
const {readFileSync} = require('node:fs');
const {default: Ajv} = require('ajv/dist/2020');
const {default: addFormats} = require('ajv-formats');
const [file, seconds] = process.argv.slice(2);
const {cases, ...documents} = JSON.parse(readFileSync(file, 'utf8'));
const compiled = {};
for (const [direction, document] of Object.entries(documents)) {
  const ajv = new Ajv({strict: false, validateSchema: false, validateFormats: true, logger: false});
  addFormats(ajv);
  ajv.addSchema({...document, $id: 'https://spec.example/'});
  const known = new Map();
  compiled[direction] = pointer => {
    if (!known.has(pointer)) known.set(pointer, ajv.compile({$ref: 'https://spec.example/#' + encodeURI(pointer)}));
    return known.get(pointer);
  };
}
const checks = cases.map(({direction, pointer, value}) => [compiled[direction](pointer), value]);
const wrong = checks.filter(([check, value]) => !check(value)).length;
const start = process.hrtime.bigint(), end = start + BigInt(Math.round(seconds * 1e9));
let count = 0;
while (process.hrtime.bigint() < end) {
  for (const [check, value] of checks) check(value);
  count += checks.length;
}
console.log(JSON.stringify({payloads: count, seconds: Number(process.hrtime.bigint() - start) / 1e9, wrong}));
"""

JSONSCHEMA_RS = """
import json, sys, time, urllib.parse
import jsonschema_rs
file, seconds = sys.argv[1], float(sys.argv[2])
text = json.load(open(file))
registries = {d: jsonschema_rs.Registry([("https://spec.example/", text[d])], draft=jsonschema_rs.Draft202012) for d in ("request", "response")}
known = {}
def compiled(direction, pointer):
    key = (direction, pointer)
    if key not in known:
        reference = "https://spec.example/#" + urllib.parse.quote(pointer, safe="/~!$&'()*+,;=:@")
        known[key] = jsonschema_rs.Draft202012Validator({"$ref": reference}, registry=registries[direction], validate_formats=True)
    return known[key]
checks = [(compiled(case["direction"], case["pointer"]), case["value"]) for case in text["cases"]]
wrong = sum(not check.is_valid(value) for check, value in checks)
start, count = time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    for check, value in checks:
        check.is_valid(value)
    count += len(checks)
print(json.dumps({"payloads": count, "seconds": time.perf_counter() - start, "wrong": wrong}))
"""


def main():
    arguments = parse_arguments()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    obkit, python = build_obkit(), install_jsonschema_rs(work)
    install_ajv(work)
    print(f"ajv {VERSIONS['ajv']}, jsonschema-rs {VERSIONS['jsonschema-rs']}; {os.cpu_count()} cores; medians of {arguments.runs} runs.\n")
    print("| document | tool | payloads a second | refused |\n|---|---|---:|---:|")
    for provider in arguments.providers.split(","):
        file = work / f"{provider}.json"
        tools = {
            "obkit": [obkit, REPOSITORY / "specs" / provider / "openapi.yaml", file],
            "jsonschema-rs": [python, work / "validate.py", file],
            "ajv": ["node", work / "validate.cjs", file],
        }
        runs = {name: [] for name in tools}
        for _ in range(arguments.runs):
            for name, command in tools.items():
                runs[name].append(run([*command, arguments.seconds], work))
        for name, figures in runs.items():
            rate = statistics.median(figure["payloads"] / figure["seconds"] for figure in figures)
            print(f"| {provider} | {name} | {rate:,.0f} | {figures[0].get('wrong', 0)} |", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "obkit-payloads",
                        help="where the rivals are installed (default: %(default)s)")
    parser.add_argument("--providers", default="yapily,fena", help="whose examples, with commas between (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="runs per figure (default: %(default)s)")
    parser.add_argument("--seconds", default="2", help="how long each run validates (default: %(default)s)")
    return parser.parse_args()


def build_obkit():
    run(["cargo", "build", "--release", "--package", "obkit-conformance", "--example", "payloads"], REPOSITORY, read=False)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "examples" / "payloads"


def install_ajv(work):
    (work / "validate.cjs").write_text(AJV)
    packages = [f"{name}@{VERSIONS[name]}" for name in ("ajv", "ajv-formats")]
    if not (work / "node_modules" / "ajv").is_dir():
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", work, *packages], work, read=False)


def install_jsonschema_rs(work):
    (work / "validate.py").write_text(JSONSCHEMA_RS)
    folder = work / "venv"
    if not folder.is_dir():
        venv.create(folder, with_pip=True)
        run([folder / "bin" / "pip", "install", "--quiet", f"jsonschema-rs=={VERSIONS['jsonschema-rs']}"], work, read=False)
    return folder / "bin" / "python"


def run(command, folder, read=True):
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=read, text=True)
    if done.returncode != 0:
        sys.exit(f"error: {command[0]} failed\n{done.stderr or ''}")
    return json.loads(done.stdout) if read else None


if __name__ == "__main__":
    main()
