import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { type Alerts, openAlerts } from "@tollgate/control/alerts/open-alerts";
import { createChannel } from "@tollgate/control/channels/create";
import { deleteChannel } from "@tollgate/control/channels/delete";
import { testChannel } from "@tollgate/control/channels/test";
import type { Context } from "@tollgate/control/context";
import { JOBS } from "@tollgate/jobs/catalog";
import { type Receiver, startReceiver } from "@tollgate/testkit/receiver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMail } from "../src/outbound/mail.ts";
import { openPost } from "../src/outbound/post.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const { attempts } = JOBS["alerts.deliver"];

let setup: TestSetup;
let receiver: Receiver;
let alerts: Alerts;
let owner: Context;
const handed: { deliveryId: string; jobId: string | undefined }[] = [];
beforeAll(async () => {
  [setup, receiver] = await Promise.all([openTestSetup(), startReceiver()]);
  const [mail, post] = [
    openMail({ smtpUrl: undefined, from: "alerts@example.com" }),
    openPost(parsePrivateHosts("127.0.0.1=acme")),
  ];
  alerts = await openAlerts({
    databaseUrl: setup.database.ingestUrl,
    channelPrivateKey: setup.channelPrivateKey,
    outbound: { mail: mail.mail, post: post.post },
    jobs: {
      async enqueue(_, payload, jobId) {
        if ("deliveryId" in payload) handed.push({ deliveryId: payload.deliveryId, jobId });
        return jobId ?? "";
      },
    },
    dashboardUrl: "https://tollgate.example",
    onError: () => {},
  });
  owner = await setup.organisation();
  return async () => {
    await Promise.all([alerts.close(), post.close()]);
  };
});
afterAll(() => receiver.close());

async function tested(name: string, path = "/"): Promise<{ channelId: string; deliveryId: string }> {
  const { channel } = await createChannel(owner, { name, kind: "webhook", url: receiver.url + path });
  const { deliveries } = await testChannel(owner, { id: channel.id });
  return { channelId: channel.id, deliveryId: deliveries[0]?.id ?? "" };
}

test("a delivery that never succeeds has failed after its last attempt, and is not retried", async () => {
  const { deliveryId } = await tested("Broken");
  receiver.script(...Array.from({ length: attempts }, () => 500));
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    await expect(alerts.deliver(deliveryId)).rejects.toThrow("answered with status 500");
    expect(await setup.deliveries(owner, "Broken")).toMatchObject([{ state: "waiting", attempts: attempt }]);
  }
  await alerts.deliver(deliveryId);
  await alerts.deliver(deliveryId);
  expect(await setup.deliveries(owner, "Broken")).toEqual([
    { state: "failed", attempts, error: "answered with status 500" },
  ]);
  expect(receiver.posts).toHaveLength(attempts);
});

test("two workers with the same delivery send it once", async () => {
  const { deliveryId } = await tested("Twice", "/twice");
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => alerts.deliver(deliveryId)));
  expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
  await alerts.deliver(deliveryId);
  expect(receiver.posts.filter(({ path }) => path === "/twice")).toHaveLength(1);
});

test("a delivery is enqueued once, also by two workers at once", async () => {
  await alerts.handOut();
  const { deliveryId } = await tested("Handed");
  handed.length = 0;
  await Promise.all([alerts.handOut(), alerts.handOut()]);
  expect(new Set(handed.map(({ jobId }) => jobId))).toEqual(new Set([`${deliveryId}-0`]));
  expect(await alerts.handOut()).toBe(0);
});

test("a deleted channel gets no delivery", async () => {
  const { channelId, deliveryId } = await tested("Deleted", "/deleted");
  await deleteChannel(owner, { id: channelId });
  await alerts.deliver(deliveryId);
  expect(await setup.deliveries(owner, "Deleted")).toEqual([
    { state: "failed", attempts: 1, error: "the channel was deleted" },
  ]);
  expect(receiver.posts.filter(({ path }) => path === "/deleted")).toEqual([]);
});

test("a webhook at a private host is not called after the organisation has lost its grant", async () => {
  const other = await setup.organisation("Globex");
  const { channel } = await createChannel(other, { name: "In", kind: "webhook", url: `${receiver.url}/inside` });
  const { deliveries } = await testChannel(other, { id: channel.id });
  await alerts.deliver(deliveries[0]?.id ?? "");
  expect(await setup.deliveries(other, "In")).toEqual([
    { state: "failed", attempts: 1, error: "its address is private and not granted by the operator" },
  ]);
  expect(receiver.posts.filter(({ path }) => path === "/inside")).toEqual([]);
});

test("without a mail server, the error of a mail says what the operator can do", async () => {
  const { channel } = await createChannel(owner, { name: "Mail", kind: "email", addresses: ["ops@example.com"] });
  const { deliveries } = await testChannel(owner, { id: channel.id });
  await alerts.deliver(deliveries[0]?.id ?? "");
  expect(await setup.deliveries(owner, "Mail")).toEqual([
    { state: "failed", attempts: 1, error: "no mail server is configured; the operator can set TOLLGATE_SMTP_URL" },
  ]);
});
