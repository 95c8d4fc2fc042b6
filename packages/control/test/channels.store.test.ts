import { ALERT_EVENTS } from "@tollgate/control/alerts/facts";
import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import { deleteChannel } from "@tollgate/control/channels/delete";
import { getChannel } from "@tollgate/control/channels/get";
import { listChannels } from "@tollgate/control/channels/list";
import { rotateChannelSecret } from "@tollgate/control/channels/rotate-secret";
import { testChannel } from "@tollgate/control/channels/test";
import { updateChannel } from "@tollgate/control/channels/update";
import { query } from "@tollgate/testkit/cluster";
import { opener } from "@tollgate/vault/seal";
import { beforeAll, describe, expect, test } from "vitest";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const SLACK = "https://hooks.slack.com/services/T000/B000/aVerySecretPart";

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

const stored = async (id: string): Promise<string> => {
  const rows = await query<{ row: string }>(
    setup.database.ownerUrl,
    `select to_jsonb(c)::text as row from channel c where id = '${id}'
     union all select to_jsonb(a)::text from audit_entry a where subject = 'channel ${id}'`,
  );
  return rows.map(({ row }) => row).join("\n");
};

async function unsealed(orgId: string, id: string): Promise<string> {
  const open = await opener(setup.channelKeys.privateKey);
  const [row] = await query<{ sealed: string }>(
    setup.database.ownerUrl,
    `select sealed from channel where id = '${id}'`,
  );
  return open({ orgId, rowId: id }, row?.sealed ?? "").reveal();
}

describe("a channel", () => {
  test("to Slack stores its URL sealed, and shows only the origin", async () => {
    const owner = await setup.organisation();
    const { channel, signingSecret } = await createChannel(owner, { name: "Ops", kind: "slack", url: SLACK });
    expect(channel).toMatchObject({ url: "https://hooks.slack.com", events: [...ALERT_EVENTS] });
    expect(signingSecret).toBeNull();
    const moved = await updateChannel(owner, { id: channel.id, url: `${SLACK}2`, events: ["anomaly"] });
    expect(moved).toMatchObject({ url: "https://hooks.slack.com", events: ["anomaly"] });
    const shown = JSON.stringify([
      channel,
      moved,
      await listChannels(owner, {}),
      await getChannel(owner, { id: channel.id }),
    ]);
    expect(shown + (await stored(channel.id))).not.toContain("aVerySecretPart");
    expect(await unsealed(owner.orgId, channel.id)).toBe(`${SLACK}2`);
  });

  test("to a webhook shows its signing secret once, and a rotated one once", async () => {
    const owner = await setup.organisation();
    const url = "https://hooks.example.com/t?team=7&x=%20";
    const { channel, signingSecret } = await createChannel(owner, { name: "Hook", kind: "webhook", url });
    expect(channel.url).toBe(url);
    expect(await unsealed(owner.orgId, channel.id)).toBe(signingSecret);
    const again = await rotateChannelSecret(owner, { id: channel.id });
    expect(again.signingSecret).not.toBe(signingSecret);
    expect(await unsealed(owner.orgId, channel.id)).toBe(again.signingSecret);
    const shown = JSON.stringify(await listChannels(owner, {})) + (await stored(channel.id));
    for (const secret of [signingSecret, again.signingSecret]) expect(shown).not.toContain(secret?.slice(6));
  });

  test.each([
    [{ kind: "email" }, "addresses"],
    [{ kind: "email", addresses: [] }, "addresses"],
    [{ kind: "email", addresses: ["not an address"] }, "addresses.0"],
    [{ kind: "email", addresses: ["ops@example.com\nBcc: all@example.com"] }, "addresses.0"],
    [{ kind: "email", addresses: ["a@example.com"], url: "https://example.com" }, "url"],
    [{ kind: "slack" }, "url"],
    [{ kind: "slack", url: SLACK, addresses: ["a@example.com"] }, "addresses"],
    [{ kind: "webhook", url: "" }, "url"],
    [{ kind: "webhook", url: "hooks.example.com" }, "url"],
    [{ kind: "webhook", url: "http://hooks.example.com" }, "url"],
    [{ kind: "webhook", url: "https://user:pass@hooks.example.com" }, "url"],
    [{ kind: "webhook", url: "https://169.254.169.254/latest/meta-data" }, "url"],
    [{ kind: "webhook", url: "https://[::ffff:10.0.0.1]/" }, "url"],
    [{ kind: "webhook", url: "https://localhost/" }, "url"],
    [{ kind: "webhook", url: "https://hooks.example.com:6379/" }, "url"],
    [{ kind: "webhook", url: "https://hooks.example.com/", events: [] }, "events"],
    [{ kind: "pager", url: "https://hooks.example.com/" }, "kind"],
  ])("of %j is refused at %s", async (input, field) => {
    const owner = await setup.organisation();
    expect(await refusal(createChannel.call(owner, { name: "Bad", ...input }))).toMatchObject({ fields: [field] });
    expect(await listChannels(owner, {})).toEqual({ items: [], nextCursor: null });
  });

  test("may use a private host only if the operator has granted it to the organisation", async () => {
    const [granted, other] = [await setup.organisation("Granted"), await setup.organisation("Other")];
    const inside = { name: "In", kind: "webhook", url: "http://vllm.internal/hook" } as const;
    const { channel } = await createChannel(granted, inside);
    expect(channel.url).toBe("http://vllm.internal/hook");
    const refused = await refusal(createChannel(other, inside));
    expect(refused).toMatchObject({ code: "validation_failed", fields: ["url"] });
    const mine = await createChannel(other, { ...inside, url: "https://hooks.example.com" });
    const moved = updateChannel(other, { id: mine.channel.id, url: inside.url });
    expect((await refusal(moved)).fields).toEqual(["url"]);
  });

  test("that is deleted keeps its history and its name, but not its secret", async () => {
    const owner = await setup.organisation();
    const { channel } = await createChannel(owner, { name: "Ops", kind: "slack", url: SLACK });
    await testChannel(owner, { id: channel.id });
    await deleteChannel(owner, { id: channel.id });
    expect(await refusal(testChannel(owner, { id: channel.id }))).toMatchObject({ code: "not_found" });
    expect(await stored(channel.id)).toContain('"sealed": null');
    await createChannel(owner, { name: "Ops", kind: "email", addresses: ["ops@example.com"] });
    expect((await listAlerts(owner, {})).items).toMatchObject([
      { title: "Test of the channel Ops", deliveries: [{ channelKind: "slack", state: "waiting" }] },
    ]);
  });

  test("is listed in pages: newest first, each alert exactly once", async () => {
    const owner = await setup.organisation();
    const { channel } = await createChannel(owner, {
      name: "Hook",
      kind: "webhook",
      url: "https://hooks.example.com/",
    });
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      setup.clock.advance(1);
      ids.unshift((await testChannel(owner, { id: channel.id })).id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listAlerts(owner, { limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(ids);
  });
});
