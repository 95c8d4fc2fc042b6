import { uuidV7 } from "@tollgate/contracts/ids";
import type { Context } from "@tollgate/control/context";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { type Item, LISTS, type Listed } from "./every-list.ts";

let setup: TestSetup;
let superuser: pg.Client;
beforeAll(async () => {
  setup = await openTestSetup();
  superuser = new pg.Client({ connectionString: setup.database.ownerUrl, options: "-c TimeZone=UTC" });
  await superuser.connect();
});
afterAll(() => superuser.end());

interface Page {
  items: Item[];
  nextCursor: string | null;
}

/** Rows per page in these tests. */
const LIMIT = 7;

/** Runs SQL with `$org`, `$id`, `$name` and `$n` filled in. */
const fill = (statement: string, values: Record<string, string>): Promise<unknown> =>
  superuser.query(
    statement.replace(/\$(org|id|name|n)\b/g, (_, word: string) =>
      word === "n" ? (values.n ?? "0") : superuser.escapeLiteral(values[word] ?? "") + (word === "id" ? "::uuid" : ""),
    ),
  );

let made = 0;
async function insert({ insert }: Listed, org: string, name: string): Promise<string> {
  const id = uuidV7(setup.clock.now());
  await fill(insert, { org, id, name, n: String(made++) });
  return id;
}

const idOf = ({ idOf }: Listed, item: Item): string => idOf?.(item) ?? String(item.id);
const nameOf = ({ named }: Listed, item: Item): string => {
  const value = item[named];
  return typeof value === "object" ? String((value as { channelName: string }).channelName) : String(value);
};

const ask = (listed: Listed, ctx: Context, input: object): Promise<Page> =>
  listed.verb.call(ctx, input) as Promise<Page>;

/** All pages, one after the other. `between` runs after each. */
async function allPages(listed: Listed, ctx: Context, input: object, between = async (_: Page) => {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page = await ask(listed, ctx, { limit: LIMIT, ...input, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(LIMIT);
    items.push(...page.items);
    await between(page);
    cursor = page.nextCursor;
  }
  return items;
}

describe.each(LISTS.map((listed) => [listed.verb.verb, listed] as const))("%s", (_, listed) => {
  let owner: Context;
  let other: Context;
  beforeAll(async () => {
    [owner, other] = [await setup.organisation(), await setup.organisation("Globex")];
    for (let n = 0; n < 25; n += 1) {
      await insert(listed, owner.orgId, `${"aZbYc"[n % 5]}-${n}`);
      await insert(listed, other.orgId, `globex-${n}`);
    }
    await insert(listed, owner.orgId, "100%_Sure");
    await insert(listed, owner.orgId, "Žluťoučký kůň");
  });

  const orders = Object.keys(listed.sorts).flatMap((sort) => [sort, `-${sort}`]);

  test("searches for text literally and ignores case", async () => {
    const find = async (search: string) =>
      (await allPages(listed, owner, { search })).map((item) => nameOf(listed, item));
    expect(await find("100%_s")).toEqual(["100%_Sure"]);
    expect(await find("žluť")).toEqual(["Žluťoučký kůň"]);
    expect(await find("ŽLUŤ")).toEqual(["Žluťoučký kůň"]);
    expect(await find("%_s")).toEqual(["100%_Sure"]);
    expect(await find("1%0")).toEqual([]);
    expect(await find("\\")).toEqual([]);
    expect(await find("globex")).toEqual([]);
    expect(await find("' or true --")).toEqual([]);
  });

  if (listed.filters) {
    const [all, none] = listed.filters;
    test("filters", async () => {
      expect((await allPages(listed, owner, { ...all, search: "a-" })).length).toBeGreaterThan(0);
      expect(await allPages(listed, owner, none)).toEqual([]);
    });
  }

  test.each(orders)("in the order %s, pages have each row exactly once while others come and go", async (sort) => {
    const before = await allPages(listed, owner, { sort });
    const ids = before.map((item) => idOf(listed, item));
    expect(new Set(ids).size).toBe(ids.length);
    const value = listed.sorts[sort.replace("-", "")] ?? expect.unreachable();
    const keys = before.map(value);
    const [first, last] = sort.startsWith("-") ? [keys.toReversed(), ids.toReversed()] : [keys, ids];
    for (const [at, key] of first.entries()) {
      if (at === 0) continue;
      expect([first[at - 1], key].toSorted(byCodePoint)).toEqual([first[at - 1], key]);
      if (first[at - 1] === key && !listed.idOf) expect(String(last[at - 1]) < String(last[at])).toBe(true);
    }

    const doomed = new Set<string>();
    const seen: string[] = [];
    await allPages(listed, owner, { sort }, async ({ items }) => {
      seen.push(...items.map((item) => idOf(listed, item)));
      if (seen.length > 21) return;
      await insert(listed, owner.orgId, `${"aZbYc"[seen.length % 5]}-late-${made}`);
      const [gone] = listed.remove ? ids.filter((id) => !seen.includes(id) && !doomed.has(id)).slice(-1) : [];
      const past = listed.remove ? seen.find((id) => ids.includes(id) && !doomed.has(id)) : undefined;
      for (const id of [gone, past]) {
        if (!id || id === ownRow(owner)) continue;
        doomed.add(id);
        await fill(listed.remove ?? "", { id });
      }
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !doomed.has(id) && !seen.includes(id))).toEqual([]);
  });

  test("refuses what is not a cursor of this list, order and organisation", async () => {
    const [sort = "", another] = orders;
    const { nextCursor } = await ask(listed, owner, { limit: 2, sort });
    const cursor = nextCursor ?? expect.unreachable();
    const foreign = (await ask(listed, other, { limit: 2, sort })).nextCursor ?? "";
    const bad = ["", "x", "a".repeat(400), cursor.slice(0, -2), `A${cursor.slice(1)}`, foreign];
    for (const each of bad.filter((text) => text !== cursor)) {
      if (each === "") continue;
      const refused = await refusal(ask(listed, owner, { sort, cursor: each }));
      expect([each, refused.code, refused.fields]).toEqual([each, "validation_failed", ["cursor"]]);
    }
    const turned = await refusal(ask(listed, owner, { sort: another, cursor }));
    expect(turned.fields).toEqual(["cursor"]);
  });

  test("names the field of a value that is not valid", async () => {
    const cases = { limit: [0, 501, "many", 1.5], sort: ["planet", "-", ""], search: ["x".repeat(201)] };
    for (const [field, values] of Object.entries(cases)) {
      for (const value of values) {
        const refused = await refusal(ask(listed, owner, { [field]: value }));
        expect([field, value, refused.fields]).toEqual([field, value, [field]]);
      }
    }
  });
});

/** The owner's membership, which the test needs. */
const ownRow = ({ actor }: Context): string | null => (actor.kind === "user" ? actor.memberId : null);

const byCodePoint = (a = "", b = ""): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
