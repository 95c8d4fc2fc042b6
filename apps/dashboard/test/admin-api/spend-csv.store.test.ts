import { NIL_UUID } from "@tollgate/contracts/ids";
import { parseUsd } from "@tollgate/contracts/money";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./open-admin-api.ts";

const DAYS = 3;
const KEYS = 150;
const FROM = "2026-03-02T00:00:00.000Z";
const TO = "2026-03-05T00:00:00.000Z";
const PATH = `/usage/spend.csv?groupBy=key&interval=day&from=${FROM}&to=${TO}`;

let setup: TestSetup;
let token: string;

beforeAll(async () => {
  setup = await openTestSetup();
  const owner = await setup.owner();
  token = await setup.token(owner, "finance");
  await query(
    setup.database.ownerUrl,
    `insert into usage_day (org_id, slot, team_id, member_id, key_id, model, provider, status_class, requests, cost_nano)
     select '${owner.orgId}', slot, '${NIL_UUID}', '${NIL_UUID}', ('00000000-0000-7000-8000-' || lpad(key::text, 12, '0'))::uuid,
       'model', 'openai', '2xx', 2, 1000000007::numeric * key
     from generate_series('${FROM}'::timestamptz, '${TO}'::timestamptz - interval '1 day', interval '1 day') as slot, generate_series(1, ${KEYS}) as key`,
    // The totals of these days, from which the sum of all keys is read.
    `insert into usage_total (org_id, kind, span, slot, group_id, has_use, requests, errors, cache_hits, unpriced, input_tokens, output_tokens, cost_nano)
     select org_id, kind, 'day', slot, id, false, sum(requests), 0, 0, 0, 0, 0, sum(cost_nano)
     from usage_day cross join lateral (values ('provider', provider), ('key', key_id::text)) as of (kind, id)
     group by org_id, kind, slot, id`,
    `update usage_kept set since = '${TO}' where name = 'usage_total_open'`,
  );
});

test("spend is a CSV file with every group, whose costs add up to the total of usage.spend", async () => {
  const file = await setup.send("GET", PATH, { token });
  expect(file.status).toBe(200);
  expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="spend-2026-03-02-2026-03-05-by-key.csv"');
  const [head, ...lines] = file.text.trimEnd().split("\r\n");
  expect(head).toMatch(/^slot,group_id,group,cost_usd,requests,/);
  expect(lines).toHaveLength(KEYS * DAYS);
  const cells = lines.map((line) => line.split(","));
  expect(new Set(cells.map(([slot, id]) => `${slot} ${id}`)).size).toBe(KEYS * DAYS);
  const spend = await setup.send("GET", PATH.replace(".csv", ""), { token });
  expect(spend.body.other.groups).toBe(KEYS - 100);
  const cost = cells.reduce((sum, [, , , usd]) => sum + (parseUsd(usd ?? "") ?? 0n), 0n);
  expect(cost).toBe(parseUsd(spend.body.total.costUsd));
});

test("an invalid question is a problem before the file begins, and another method is refused", async () => {
  const invalid = await setup.send("GET", "/usage/spend.csv?groupBy=colour", { token });
  expect([invalid.status, Object.keys(invalid.body.fields)]).toEqual([422, ["groupBy"]]);
  expect((await setup.send("GET", "/usage/spend.csv")).status).toBe(401);
  expect((await setup.send("POST", "/usage/spend.csv", { token })).status).toBe(405);
});

test("the audit log says who took which range", async () => {
  await setup.send("GET", PATH, { token });
  const [entry] = await query<{ action: string; after: object }>(
    setup.database.ownerUrl,
    "select action, after from audit_entry where action = 'usage.export' order by at desc limit 1",
  );
  expect(entry?.after).toMatchObject({ from: FROM, to: TO, groupBy: "key" });
});
