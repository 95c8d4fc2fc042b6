import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { credentialHoldId } from "@tollgate/limits/credential-use";
import type { Actual } from "@tollgate/limits/store";
import { expect, test } from "vitest";
import { resumesHolds } from "../../src/allowance/shared-limits.ts";
import { openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask, id } from "../setup.ts";

async function ended(): Promise<UsageEvent> {
  const setup = await openOpenAiSetup();
  await (await setup.post(ask())).text();
  await setup.close();
  return setup.events[0] as UsageEvent;
}

test("a hold of a killed process is settled from its spool, even if the spool is removed before Redis answers", async () => {
  const event = await ended();
  let inSpool = [event];
  const spool = {
    status: () => ({ spoolId: id() }),
    async visitEnded(_from: number, visit: (event: UsageEvent, at: number) => void) {
      for (const each of inSpool) visit(each, 0);
    },
  };
  const settled: (Actual | null)[] = [];
  let isDown = true;
  const limits = {
    async resume(_owner: string, endOf: (requestId: string) => Actual | null) {
      if (isDown) throw new Error("no answer");
      const { credentialId } = event;
      for (const holdId of [event.id, credentialHoldId(event.id, credentialId ?? ""), credentialHoldId(event.id, id())])
        settled.push(endOf(holdId));
    },
  };
  const resume = resumesHolds(limits, spool as unknown as Parameters<typeof resumesHolds>[1]);
  await expect(resume()).rejects.toThrow("no answer");
  [inSpool, isDown] = [[], false];
  await resume();
  const used = { usd: BigInt(event.costNano ?? 0), tokens: BigInt(event.use.input + event.use.output) };
  // The call's hold, that on its credential, and one on a credential to which nothing was sent.
  expect(settled).toEqual([used, { ...used, requests: 1n }, null]);
});
