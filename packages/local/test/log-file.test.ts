import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { openLog, rotateLogs } from "../src/log-file.ts";

const MIB = 1024 * 1024;

test("a log that grows beyond 10 MiB is moved aside while its process writes on", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "tollgate-logs-"));
  const [large, small] = [path.join(folder, "proxy.log"), path.join(folder, "worker.log")];
  const logs = [openLog(large), openLog(small)] as const;
  writeSync(logs[1], "small");
  for (const round of ["first", "second"]) {
    writeSync(logs[0], `${round}${"x".repeat(10 * MIB)}`);
    rotateLogs(folder);
    writeSync(logs[0], "next");
    expect(readFileSync(large, "utf8")).toBe("next");
    expect(readFileSync(`${large}.old`, "utf8").replace("next", "").slice(0, round.length)).toBe(round);
    expect(statSync(`${large}.old`).mode & 0o777).toBe(0o600);
  }
  expect(readFileSync(small, "utf8")).toBe("small");
  for (const log of logs) closeSync(log);
  rmSync(folder, { recursive: true });
});
