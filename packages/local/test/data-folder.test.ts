import { closeSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeDataFolder } from "../src/data-folder.ts";
import { openLog } from "../src/log-file.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-folder-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
/** For root, Postgres runs as another user, who must be able to enter its folder. */
const own = process.getuid?.() === 0 ? "711" : "700";

test("other users cannot read anything in a new data folder", () => {
  const folder = takeDataFolder(path.join(home, "data"));
  closeSync(openLog(folder.file("logs/proxy.log")));
  expect([folder.dir, folder.file("logs"), folder.file("logs/proxy.log")].map(modeOf)).toEqual([own, "700", "600"]);
});

test("a data folder that other users could read is closed to them", () => {
  const dir = path.join(home, "data");
  for (const name of ["", "logs", "spool", "postgres"]) mkdirSync(path.join(dir, name), { mode: 0o755 });
  writeFileSync(path.join(dir, "logs/proxy.log"), "said before\n", { mode: 0o644 });
  const folder = takeDataFolder(dir);
  closeSync(openLog(folder.file("logs/proxy.log")));
  const closed = ["", "logs", "spool", "logs/proxy.log"].map(folder.file);
  expect(closed.map(modeOf)).toEqual([own, "700", "700", "600"]);
  // Postgres itself checks the mode of this folder.
  expect(modeOf(folder.file("postgres"))).toBe("755");
});
