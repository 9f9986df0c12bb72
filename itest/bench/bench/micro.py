# SPDX-License-Identifier: Apache-2.0
"""The JMH benchmarks of the inner parts, with their allocation rate, and what of them has a target."""
import json
import os
import shutil
import subprocess
import time

from bench import machine
from bench.paths import BENCH, RESULTS, ROOT
from bench.report import grid, judged, micro_targets, newest_micro


def run(quick):
    if not shutil.which("mvn"):
        print("bench --micro needs Maven: install it", flush=True)
        return 1
    java = machine.output(["sh", "-c", f'. "{ROOT}/distribution/src/main/dist/lib/find-java.sh"; find_java'])
    if not java:
        print("bench --micro needs a JDK 25; install one, or set PORTUNUS_JAVA to its bin/java", flush=True)
        return 1
    built = subprocess.run(["mvn", "-q", "-f", str(BENCH / "jmh" / "pom.xml"), "package"], timeout=600, check=False)
    if built.returncode != 0:
        print("the benchmarks do not build; they need the bundles in the local repository: mvn -Dmaven.test.skip=true install", flush=True)
        return 1
    RESULTS.mkdir(parents=True, exist_ok=True)
    result = RESULTS / time.strftime("micro-%Y%m%d-%H%M%S.json")
    classes = (BENCH / "jmh" / "target" / "classpath").read_text().strip()
    windows = "-wi 3 -w 500ms -i 3 -r 500ms -f 1" if quick else "-wi 5 -w 1 -i 5 -r 1 -f 3"
    # The collector and the headers of the appliance's own start script.
    flags = "-XX:+UseSerialGC -Xms64m -Xmx176m -XX:+UseCompactObjectHeaders --sun-misc-unsafe-memory-access=allow"
    command = [java, "--sun-misc-unsafe-memory-access=allow", "-cp", f"{BENCH}/jmh/target/classes:{classes}", "org.openjdk.jmh.Main",
        "-prof", "gc", *windows.split(), "-jvmArgs", flags, "-rf", "json", "-rff", str(result), "-v", "SILENT"]
    done = subprocess.run(command, timeout=3600, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        return done.returncode
    print("\n".join(grid(lines(json.loads(result.read_text())))))
    print("\n".join(["", *judged(micro_targets(newest_micro()))]))
    print(f"raw data: itest/bench/target/results/{result.name}")
    return 0


def lines(results):
    table = [["benchmark", "parameters", "time/op", "+-", "unit", "bytes/op"]]
    for r in results:
        score = r["primaryMetric"]
        error = score["scoreError"]
        allocated = r["secondaryMetrics"].get("gc.alloc.rate.norm", {}).get("score", 0.0)
        table.append([".".join(r["benchmark"].split(".")[-2:]), ",".join(f"{k}={v}" for k, v in r.get("params", {}).items()),
            f"{score['score']:.1f}", "-" if error == "NaN" else f"{error:.1f}", score["scoreUnit"], f"{allocated:.1f}"])
    return table
