import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** A signing secret in the format of Standard Webhooks: `whsec_` and base64 of 24 bytes. */
export const mintWebhookSecret = (): string => PREFIX + randomBytes(24).toString("base64");

/**
 * The three headers of Standard Webhooks (https://www.standardwebhooks.com): a receiver recomputes the signature over
 * `id.timestamp.body` and refuses old timestamps. The id is that of the delivery; it stays the same in retries.
 */
export function webhookHeaders(secret: string, id: string, atMs: number, body: string): Record<string, string> {
  const timestamp = Math.floor(atMs / 1000);
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
}
