import type { Context } from "@tollgate/control/context";
import { createKey } from "@tollgate/control/keys/create";
import { createTeam } from "@tollgate/control/teams/create";
import { type Ledger, usageEvent } from "../ledger.ts";
import type { TestSetup } from "../test-setup.ts";

const DAY = 86_400_000;

/** An organisation with `count` calls in the last `days`, with odd costs. */
export async function busy(
  setup: TestSetup,
  ledger: Ledger,
  count: number,
  days: number,
): Promise<{ owner: Context; keyId: string }> {
  const owner = await setup.organisation();
  const { key } = await createKey(owner, { name: "ci" });
  const team = await createTeam(owner, { name: "Research" });
  const step = (days * DAY) / count;
  const events = Array.from({ length: count }, (_, index) =>
    usageEvent(owner.orgId, setup.clock.now() - Math.floor(index * step), {
      keyId: key.id,
      teamId: index % 2 ? team.id : null,
      model: `model-${index % 3}`,
      provider: index % 5 ? "openai" : null,
      status: index % 7 ? 200 : 502,
      costNano: String(1_000_003 * index + 7),
    }),
  );
  await ledger.ingest(events);
  return { owner, keyId: key.id };
}
