/** A mail to each of `to`, all of whom see each other. `id` stays the same when it is sent again. */
export interface Mail {
  id: string;
  to: readonly string[];
  subject: string;
  text: string;
}

export interface Post {
  /** Whose it is: private hosts are granted to organisations. */
  organisation: { id: string; slug: string };
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** How alerts are sent. The process that runs deliveries provides it. Each call takes seconds at most. */
export interface Outbound {
  /** Throws when no mail server took it. */
  mail(mail: Mail): Promise<void>;
  /** Status of the answer; follows no redirect. Throws when there was none. Never reaches what a tenant may not point at. */
  post(post: Post): Promise<number>;
}

/** Why something could not be sent, in words its tenant may read; `isFinal` when trying again cannot help. */
export class Undelivered extends Error {
  readonly isFinal: boolean;

  constructor(message: string, { isFinal = false } = {}) {
    super(message);
    this.isFinal = isFinal;
  }
}
