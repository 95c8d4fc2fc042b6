import { type Outbound, Undelivered } from "@tollgate/control/alerts/outbound";
import { createTransport } from "nodemailer";

export interface MailServer {
  /** `smtp://user:password@host:port`, or smtps. Undefined if the operator has no mail server. */
  smtpUrl: string | undefined;
  /** Sender of the mails. */
  from: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const SILENCE_TIMEOUT_MS = 10_000;

/** The error as a tenant may see it: without the server's name and text. */
function reasonOf(error: unknown): Undelivered {
  const { code = "", responseCode } = error as { code?: string; responseCode?: number };
  if (code === "EENVELOPE" || code === "EMESSAGE")
    return new Undelivered(`the mail server refused the mail${responseCode ? ` with ${responseCode}` : ""}`, {
      isFinal: responseCode !== undefined && responseCode >= 500,
    });
  if (code === "EAUTH")
    return new Undelivered("the mail server refused Tollgate's login; the operator must correct it");
  return new Undelivered("the mail server did not answer");
}

/** Sends plain text mails through the operator's mail server. */
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
        throw new Undelivered("no mail server is configured; the operator can set TOLLGATE_SMTP_URL", {
          isFinal: true,
        });
      // Made from the delivery's id: a mail client shows a repeated delivery once.
      const messageId = `<${id}@tollgate>`;
      await transport.sendMail({ from, to: [...to], subject, text, messageId }).catch((error: unknown) => {
        throw reasonOf(error);
      });
    },
    close: () => transport?.close(),
  };
}
