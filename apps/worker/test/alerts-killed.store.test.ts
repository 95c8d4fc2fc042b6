import { listAlerts } from "@tollgate/control/alerts/list";
import { createChannel } from "@tollgate/control/channels/create";
import { setLimit } from "@tollgate/control/limits/set";
import { startReceiver } from "@tollgate/testkit/receiver";
import { waitFor } from "@tollgate/testkit/wait-for";
import { expect, test } from "vitest";
import { openTestSetup } from "./test-setup.ts";

const TENTHS = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

test("when workers are killed while they count or deliver, every threshold still arrives, each as one message", async () => {
  const [setup, receiver] = [await openTestSetup(), await startReceiver()];
  const settings = { TOLLGATE_PRIVATE_HOSTS: "127.0.0.1=*" };
  const owner = await setup.organisation();
  await createChannel(owner, { name: "Hook", kind: "webhook", url: receiver.url });
  const tenths = { scope: "organisation", unit: "usd", window: "day", amount: "2.5" } as const;
  await setLimit(owner, { ...tenths, thresholds: TENTHS });
  await setup.ship(owner, TENTHS.length, 3);
  for (const posts of [1, 2]) {
    receiver.script("stall");
    const worker = setup.work(settings);
    await waitFor(() => receiver.posts.length >= posts);
    await worker.stop("SIGKILL");
  }
  for (const _ of [1, 2]) setup.work(settings);
  await waitFor(async () => {
    const deliveries = await setup.deliveries(owner, "Hook");
    expect(deliveries.filter(({ state }) => state === "sent")).toHaveLength(TENTHS.length);
    return true;
  });
  const { items } = await listAlerts(owner, {});
  const raised = items.map(({ facts }) => (facts.kind === "threshold" ? facts.threshold : 0));
  expect(raised.toSorted((a, b) => a - b)).toEqual(TENTHS);
  // A message whose sender was killed may arrive twice, with the same id.
  expect(new Set(receiver.posts.map(({ headers }) => headers["webhook-id"])).size).toBe(TENTHS.length);
  await receiver.close();
});
