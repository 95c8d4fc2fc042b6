import type { Facts } from "./facts.ts";
import type { Mail, Post } from "./outbound.ts";
import { webhookHeaders } from "./sign-webhook.ts";
import { wordsOf } from "./words.ts";

/** An alert as a message for a channel. */
export interface Leaving {
  deliveryId: string;
  alertId: string;
  organisation: { id: string; name: string; slug: string };
  raisedAt: Date;
  facts: Facts;
  /** URL of the organisation's alerts in the dashboard. */
  pageUrl: string;
}

export function mailOf({ deliveryId, organisation, facts, pageUrl }: Leaving, to: readonly string[]): Mail {
  const { title, text } = wordsOf(facts);
  return {
    id: deliveryId,
    to,
    subject: `[${organisation.name}] ${title}`,
    text: `${title}\n\n${text}\n\n${pageUrl}\n\nTollgate, for ${organisation.name}\n`,
  };
}

/** The three characters that are markup in Slack's text. */
const slackText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function slackPostOf({ organisation, facts, pageUrl }: Leaving, url: string): Post {
  const { title, text } = wordsOf(facts);
  const lines = [`*${slackText(title)}*`, slackText(text), `${slackText(organisation.name)} · <${pageUrl}|Alerts>`];
  const headers = { "content-type": "application/json" };
  return { organisation, url, headers, body: JSON.stringify({ text: lines.join("\n") }) };
}

/** Time of the signature. Each attempt has its own. */
export function webhookPostOf(leaving: Leaving, url: string, secret: string, atMs: number): Post {
  const { deliveryId, alertId, organisation, raisedAt, facts } = leaving;
  const { kind, ...rest } = facts;
  const body = JSON.stringify({
    type: `alert.${kind}`,
    timestamp: raisedAt.toISOString(),
    data: { id: alertId, organisation, ...wordsOf(facts), ...rest },
  });
  const headers = { "content-type": "application/json", ...webhookHeaders(secret, deliveryId, atMs, body) };
  return { organisation, url, headers, body };
}
