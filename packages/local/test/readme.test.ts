import { readFileSync } from "node:fs";
import path from "node:path";
import { SETTING_NAMES } from "@tollgate/contracts/settings/names";
import { expect, test } from "vitest";

const readme = readFileSync(path.join(import.meta.dirname, "../../../README.md"), "utf8");

/** Set by the start script. Users set DASHBOARD_PORT. */
const NOT_FOR_PEOPLE = ["PORT"];

test.each(SETTING_NAMES.filter((name) => !NOT_FOR_PEOPLE.includes(name)))("the README describes %s", (name) => {
  expect(readme).toMatch(new RegExp(`\`${name}\``));
});
