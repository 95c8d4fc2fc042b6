import { createHmac } from "node:crypto";
import { createChannel } from "@tollgate/control/channels/create";
import { testChannel } from "@tollgate/control/channels/test";
import { setLimit } from "@tollgate/control/limits/set";
import { type MailSink, startMailSink } from "@tollgate/testkit/mail-sink";
import { type Received, type Receiver, startReceiver } from "@tollgate/testkit/receiver";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const daily = () => ({
  scope: "organisation" as const,
  unit: "usd" as const,
  window: "day" as const,
  amount: "1",
  thresholds: [50, 100],
});

/** Verifies the signature as the specification says. */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const isFresh = Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"])) < 300;
  return isFresh && headers["webhook-signature"] === `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

let setup: TestSetup;
let receiver: Receiver;
let sink: MailSink;
let settings: Record<string, string>;
beforeAll(async () => {
  [setup, receiver, sink] = await Promise.all([openTestSetup(), startReceiver(), startMailSink()]);
  settings = {
    TOLLGATE_PRIVATE_HOSTS: `${new URL(receiver.url).host}=*`,
    TOLLGATE_SMTP_URL: sink.url,
    TOLLGATE_MAIL_FROM: "Tollgate <alerts@tollgate.example>",
  };
});
afterAll(async () => {
  await receiver.close();
  await sink.close();
});

const postsTo = (path: string) => receiver.posts.filter((post) => post.path === path);

describe("with two workers", () => {
  beforeAll(() => {
    setup.work(settings);
    setup.work(settings);
  });

  test("usage that crosses thresholds alerts every channel once, although it is sent three times", async () => {
    const owner = await setup.organisation("Acme & Sons");
    const { signingSecret } = await createChannel(owner, {
      name: "Hook",
      kind: "webhook",
      url: `${receiver.url}/hook`,
    });
    await createChannel(owner, { name: "Slack", kind: "slack", url: `${receiver.url}/services/T0/B0/secret` });
    await createChannel(owner, { name: "Mail", kind: "email", addresses: ["ops@example.com", "cfo@example.com"] });
    const limit = await setLimit(owner, daily());
    await setup.ship(owner, 6, 3);
    for (const channel of ["Hook", "Slack", "Mail"])
      await waitFor(async () => {
        const once = { state: "sent", attempts: 1, error: null };
        expect(await setup.deliveries(owner, channel)).toEqual([once, once]);
        return true;
      });

    const hooks = postsTo("/hook");
    expect(hooks.map((post) => isSigned(post, signingSecret ?? ""))).toEqual([true, true]);
    expect(new Set(hooks.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
    const bodies = hooks.map(({ body }) => JSON.parse(body)).toSorted((a, b) => a.data.threshold - b.data.threshold);
    expect(bodies).toMatchObject([
      {
        type: "alert.threshold",
        data: {
          organisation: { id: owner.orgId, name: "Acme & Sons" },
          limitId: limit.id,
          threshold: 50,
          amount: "1",
          title: "50 % of the limit on the organisation is used",
        },
      },
      { type: "alert.threshold", data: { threshold: 100 } },
    ]);
    expect(isSigned({ ...(hooks[0] as Received), body: "{}" }, signingSecret ?? "")).toBe(false);

    const slack = postsTo("/services/T0/B0/secret").map(({ body }) => JSON.parse(body).text);
    expect(slack).toHaveLength(2);
    expect(slack[0]).toContain("Acme &amp; Sons");
    expect(slack[0]).toContain("<https://tollgate.example/acme-sons/alerts|Alerts>");

    expect(sink.mails).toHaveLength(2);
    expect(sink.mails[0]).toMatchObject({ to: ["ops@example.com", "cfo@example.com"] });
    expect(sink.mails.map(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1]).toSorted()).toEqual([
      "[Acme & Sons] 100 % of the limit on the organisation is used",
      "[Acme & Sons] 50 % of the limit on the organisation is used",
    ]);
    expect(sink.mails[0]?.source).toContain("From: Tollgate <alerts@tollgate.example>");
  });

  test("a webhook that answers 500 is retried with a new signature until it succeeds", async () => {
    const owner = await setup.organisation();
    const url = `${receiver.url}/flaky`;
    const { channel, signingSecret } = await createChannel(owner, { name: "Flaky", kind: "webhook", url });
    receiver.script(500, 503);
    await testChannel(owner, { id: channel.id });
    await waitFor(async () => {
      expect(await setup.deliveries(owner, "Flaky")).toEqual([{ state: "sent", attempts: 3, error: null }]);
      return true;
    });
    const posts = postsTo("/flaky");
    expect(posts.map((post) => isSigned(post, signingSecret ?? ""))).toEqual([true, true, true]);
    expect(new Set(posts.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(posts.map(({ headers }) => headers["webhook-timestamp"])).size).toBeGreaterThan(1);
    expect(JSON.parse(posts[0]?.body ?? "")).toMatchObject({ type: "alert.test", data: { channelName: "Flaky" } });
  });

  test("a failed delivery has its reason; if a retry cannot help, it fails at once", async () => {
    const owner = await setup.organisation();
    const test = async (name: string, kind: "webhook" | "slack", url: string) => {
      const { channel } = await createChannel(owner, { name, kind, url });
      await testChannel(owner, { id: channel.id });
    };
    const elsewhere = await startReceiver();
    receiver.script(410);
    await test("Gone", "webhook", `${receiver.url}/gone`);
    await waitFor(() => postsTo("/gone").length === 1);
    await test("Private", "slack", `${elsewhere.url}/inside`);
    sink.refuse(550);
    const { channel } = await createChannel(owner, {
      name: "Nobody",
      kind: "email",
      addresses: ["nobody@example.com"],
    });
    await testChannel(owner, { id: channel.id });
    const failed = (error: string) => [{ state: "failed", attempts: 1, error }];
    await waitFor(async () => {
      expect(await setup.deliveries(owner, "Gone")).toEqual(failed("answered with status 410"));
      expect(await setup.deliveries(owner, "Private")).toEqual(
        failed("its address is private and not granted by the operator"),
      );
      expect(await setup.deliveries(owner, "Nobody")).toEqual(failed("the mail server refused the mail with 550"));
      return true;
    });
    expect(elsewhere.posts).toEqual([]);
    await elsewhere.close();
  });

  test("a redirect is not followed", async () => {
    const owner = await setup.organisation();
    const { channel } = await createChannel(owner, { name: "Moved", kind: "webhook", url: `${receiver.url}/moved` });
    receiver.script(302);
    await testChannel(owner, { id: channel.id });
    await waitFor(async () => {
      expect(await setup.deliveries(owner, "Moved")).toEqual([{ state: "sent", attempts: 2, error: null }]);
      return true;
    });
    expect(postsTo("/elsewhere")).toEqual([]);
  });
});
