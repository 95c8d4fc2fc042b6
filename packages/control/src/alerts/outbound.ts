/** Recipients, who see each other. `id` stays the same in a retry. */
export interface Mail {
  id: string;
  to: readonly string[];
  subject: string;
  text: string;
}

export interface Post {
  /** The organisation, because private hosts are granted to organisations. */
  organisation: { id: string; slug: string };
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends alerts. The process that runs deliveries provides it. Each call takes at most some seconds. */
export interface Outbound {
  /** Throws if no mail server accepted it. */
  mail(mail: Mail): Promise<void>;
  /** Returns the status of the answer. Follows no redirect. Throws without an answer. Does not connect to addresses that the tenant may not reach. */
  post(post: Post): Promise<number>;
}

/** Why something was not sent, as text for the tenant. `isFinal` if a retry cannot help. */
export class Undelivered extends Error {
  readonly isFinal: boolean;

  constructor(message: string, { isFinal = false } = {}) {
    super(message);
    this.isFinal = isFinal;
  }
}
