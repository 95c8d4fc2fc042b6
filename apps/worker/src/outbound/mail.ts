import { type Outbound, Undelivered } from "@tollgate/control/alerts/outbound";
import { createTransport } from "nodemailer";

export interface MailServer {
  /** `smtp://user:password@host:port`, or smtps; undefined where the operator has none. */
  smtpUrl: string | undefined;
  /** Who mails come from. */
  from: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const SILENCE_TIMEOUT_MS = 10_000;

/** What a tenant may know of it: neither the server's name nor its own words. */
function reasonOf(error: unknown): Undelivered {
  const { code = "", responseCode } = error as { code?: string; responseCode?: number };
  if (code === "EENVELOPE" || code === "EMESSAGE")
    return new Undelivered(`the mail server refused it${responseCode ? ` with ${responseCode}` : ""}`, {
      isFinal: responseCode !== undefined && responseCode >= 500,
    });
  if (code === "EAUTH") return new Undelivered("the mail server refused Tollgate's log-in; its operator can mend that");
  return new Undelivered("the mail server did not answer");
}

/** Plain text through the operator's mail server. */
export function openMail({ smtpUrl, from }: MailServer): { mail: Outbound["mail"]; close(): void } {
  const transport = smtpUrl
    ? createTransport({
        url: smtpUrl,
        connectionTimeout: CONNECT_TIMEOUT_MS,
        greetingTimeout: CONNECT_TIMEOUT_MS,
        dnsTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: SILENCE_TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    : undefined;
  return {
    async mail({ id, to, subject, text }) {
      if (!transport)
        throw new Undelivered("no mail server is set up; its operator can: TOLLGATE_SMTP_URL", { isFinal: true });
      // Of the delivery: who gets it twice has a client that shows it once.
      const messageId = `<${id}@tollgate>`;
      await transport.sendMail({ from, to: [...to], subject, text, messageId }).catch((error: unknown) => {
        throw reasonOf(error);
      });
    },
    close: () => transport?.close(),
  };
}
