import { listRequests } from "@tollgate/control/reports/requests";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

test("a search of more than five seconds is cancelled, and the error says what to do", async () => {
  const owner = await setup.organisation();
  const other = new pg.Client({ connectionString: setup.database.ownerUrl });
  await other.connect();
  await other.query("begin; lock table usage_event in access exclusive mode");
  const refused = await refusal(listRequests(owner, { text: "needle" })).finally(() => other.end());
  expect(refused).toMatchObject({ code: "request_timeout", message: expect.stringContaining("shorter time") });
  expect((await listRequests(owner, { text: "needle" })).items).toEqual([]);
});
