import { key, port, postgresUrl, privateHosts, text, webUrl, whole } from "@tollgate/contracts/settings/kinds";
import { readSettings, type SettingsError } from "@tollgate/contracts/settings/read";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const schema = z.object({
  PROXY_PORT: port().prefault("4000"),
  TOLLGATE_DRAIN_MS: whole({ min: 0, max: 60_000 }).prefault("1000"),
  DATABASE_URL: postgresUrl().optional(),
  PROXY_URL: webUrl().prefault("http://localhost:4000"),
  TOLLGATE_KEY_PEPPER: key(),
  TOLLGATE_MAIL_FROM: text("a mail address", 3).optional(),
  TOLLGATE_PRIVATE_HOSTS: privateHosts().prefault(""),
});
const pepper = Buffer.alloc(32, 1).toString("base64");

function refused(given: Record<string, string>): readonly string[] {
  try {
    readSettings(schema, given);
    return [];
  } catch (error) {
    return (error as SettingsError).lines;
  }
}

describe("an invalid setting is refused, with its value and what was expected", () => {
  test.each([
    [{ PROXY_PORT: "http" }, 'PROXY_PORT is "http", not a number: expected a whole number from 0 to 65535.'],
    [{ PROXY_PORT: "70000" }, 'PROXY_PORT is "70000": expected a whole number from 0 to 65535.'],
    [{ TOLLGATE_DRAIN_MS: "1.5" }, 'TOLLGATE_DRAIN_MS is "1.5": expected a whole number from 0 to 60000.'],
    [{ TOLLGATE_KEY_PEPPER: "" }, "TOLLGATE_KEY_PEPPER is not set: expected 32 bytes in base64."],
    [{ PROXY_URL: "localhost" }, 'PROXY_URL is "localhost": expected an http:// or https:// URL.'],
    [{ DATABASE_URL: "mysql://me:pw@db/x" }, 'DATABASE_URL is "mysql://db/x": expected a postgresql:// URL.'],
    [
      { TOLLGATE_PRIVATE_HOSTS: "vllm" },
      'TOLLGATE_PRIVATE_HOSTS is "vllm": vllm names no organisation; expected vllm=acme|globex, or vllm=* for every organisation.',
    ],
    [{ TOLLGATE_MAIL_FROM: "x" }, 'TOLLGATE_MAIL_FROM is "x": expected a mail address.'],
  ])("%j", (given, line) => {
    expect(refused({ TOLLGATE_KEY_PEPPER: pepper, ...given })).toEqual([line]);
  });

  test("all of them, one line each", () => {
    expect(refused({ PROXY_PORT: "a", PROXY_URL: "b" })).toHaveLength(3);
  });

  test("a secret is not shown", () => {
    expect(refused({ TOLLGATE_KEY_PEPPER: "hunter2" })).toEqual([
      "TOLLGATE_KEY_PEPPER is not usable (7 characters, not shown): expected 32 bytes in base64.",
    ]);
    expect(refused({ TOLLGATE_KEY_PEPPER: pepper, DATABASE_URL: "postgres//me:hunter2@db" }).join()).not.toContain(
      "hunter2",
    );
  });
});

test("an empty value is not set", () => {
  const { settings } = readSettings(schema, {
    TOLLGATE_KEY_PEPPER: pepper,
    PROXY_PORT: "",
    TOLLGATE_PRIVATE_HOSTS: "",
  });
  expect(settings).toMatchObject({ PROXY_PORT: 4000, TOLLGATE_PRIVATE_HOSTS: new Map() });
});

test("an unknown name gives a warning, with the most similar name", () => {
  const { warnings } = readSettings(schema, {
    TOLLGATE_KEY_PEPPER: pepper,
    TOLLGATE_SPOOL_DRI: "/spool",
    TOLLGATE_ENTIRELY_DIFFERENT: "1",
    TOLLGATE_SPOOL_DIR: "/spool",
    TOLLGATE_KEY: "of a client",
    OTHER: "1",
  });
  expect(warnings).toEqual([
    "TOLLGATE_ENTIRELY_DIFFERENT is not a setting of Tollgate and has no effect.",
    "TOLLGATE_SPOOL_DRI is not a setting of Tollgate and has no effect. Did you mean TOLLGATE_SPOOL_DIR?",
  ]);
});
