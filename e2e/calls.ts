import { waitFor } from "@tollgate/testkit/wait-for";
import type { Governed } from "./governed.ts";
import type { Ready } from "./installation.ts";
import { untilKnown } from "./until-known.ts";

interface Asked {
  model: string;
  content?: string;
}

/** Makes one call without the retries of an SDK. */
export const ask = ({ proxyUrl }: Ready, key: string, { model, content = "Hello?" }: Asked): Promise<Response> =>
  fetch(`${proxyUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });

/** Adds a model through the admin API and waits until the proxy knows it: at most two seconds. */
export async function newModel({ api, key }: Governed, { proxyUrl }: Ready, given: object): Promise<string> {
  const name = `model-${crypto.randomUUID().slice(0, 8)}`;
  await api.post("/models", { name, ...given });
  await untilKnown(proxyUrl, key, name);
  return name;
}

export interface Story {
  id: string;
  status: number;
  error: string | null;
  cache: string;
  costUsd: string | null;
  attempts: { status: number; error: string | null; upstreamModel: string }[];
  guardrails: { name: string; action: string; shadow: boolean; count: number }[];
}

/** The ledger's record of a call. Waits until it is written. */
export const storyOf = ({ api }: Governed, response: Response): Promise<Story> =>
  waitFor(() => api.get<Story>(`/usage/requests/${response.headers.get("x-tollgate-request-id")}`), {
    timeoutMs: 2_000,
    everyMs: 50,
  });
