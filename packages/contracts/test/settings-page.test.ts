import { settingsPage } from "@tollgate/contracts/settings/reference-page";
import { PROCESSES } from "@tollgate/contracts/settings/setting";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";
import { SETTINGS } from "@tollgate/contracts/settings/table";
import { expect, test } from "vitest";

test("docs/settings.md is what the table of settings says", async () => {
  await expect(settingsPage()).toMatchFileSnapshot("../../../docs/settings.md");
});

test("every setting is read by a process, and every default is a value that its own parser allows", () => {
  const read = PROCESSES.flatMap((process) => Object.entries(settingsOf(process).shape));
  expect(new Set(read.map(([name]) => name))).toEqual(new Set(Object.keys(SETTINGS)));
  for (const [name, schema] of read) {
    if (schema.isOptional()) expect([name, schema.safeParse(undefined).error]).toEqual([name, undefined]);
  }
});
