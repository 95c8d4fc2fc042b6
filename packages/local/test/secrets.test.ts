import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readSettings } from "@tollgate/local/env";
import { openSecrets } from "@tollgate/local/secrets";
import { afterEach, beforeEach, expect, test } from "vitest";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-secrets-"));
  file = path.join(dir, "secrets.json");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const none = readSettings({}).secrets;

test("are generated once and then stay the same", () => {
  const made = openSecrets(file, none);
  expect(openSecrets(file, none)).toEqual(made);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("of an earlier version are kept, and missing ones are added to the file", () => {
  const {
    TOLLGATE_CHANNEL_PUBLIC_KEY: _,
    TOLLGATE_CHANNEL_PRIVATE_KEY: __,
    ...settings
  } = openSecrets(file, none).settings;
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), settings }));
  const opened = openSecrets(file, none);
  expect(opened.settings).toMatchObject(settings);
  expect(opened.settings.TOLLGATE_CHANNEL_PRIVATE_KEY).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(openSecrets(file, none)).toEqual(opened);
});

test("that the operator sets are used and not stored", () => {
  const brought = Buffer.alloc(32, 7).toString("base64");
  const opened = openSecrets(file, { ...none, TOLLGATE_AUDIT_KEY: brought });
  expect(opened.settings.TOLLGATE_AUDIT_KEY).toBe(brought);
  expect(readFileSync(file, "utf8")).not.toContain(brought);
});
