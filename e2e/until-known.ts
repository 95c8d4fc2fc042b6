import { waitFor } from "@tollgate/testkit/wait-for";

/** Waits until the proxy knows a new key or model: at most two seconds. */
export async function untilKnown(proxyUrl: string, key: string, model: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  await waitFor(async () => (await fetch(`${proxyUrl}/v1/models/${model}`, { headers })).ok, { timeoutMs: 2_000 });
}
