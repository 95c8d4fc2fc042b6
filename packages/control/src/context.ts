import type { Uuid } from "@tollgate/contracts/ids";
import type { Role } from "@tollgate/contracts/role";
import type { PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Database } from "@tollgate/db/client";
import type { Proof } from "@tollgate/db/with-tenant";
import type { ChangeTurns } from "./change-turns.ts";
import type { SignUpPolicy } from "./people/sign-up-policy.ts";

/** Dependencies of all verbs. `openControl` creates them once per process. */
export interface Services {
  db: Database;
  /** Queues changes by organisation. */
  turns: ChangeTurns;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Milliseconds since any instant, on a clock that is never set. */
  monotonicMs: () => number;
  /** HMAC key of virtual keys and admin tokens. It is not in the database. */
  pepper: Buffer;
  /** HMAC key of the audit chain. */
  auditKey: Buffer;
  /** Public half of the data plane's sealing key: credentials can be written but not read. */
  sealPublicKey: Uint8Array;
  /** Public half of the worker's sealing key, for the secrets of channels. */
  channelPublicKey: Uint8Array;
  /** Private hosts that credentials and channels of the named organisations may use. */
  privateHosts: PrivateHosts;
  /** Who may create an organisation after the first one. */
  signUp: SignUpPolicy;
  /** Where clients reach the proxy, for snippets. */
  proxyUrl: string;
}

export type Actor =
  | { kind: "user"; userId: Uuid; memberId: Uuid; name: string }
  /** `userId` and `memberId` are those of its creator; null if the system created it. */
  | { kind: "token"; tokenId: Uuid; userId: Uuid | null; memberId: Uuid | null; name: string }
  | { kind: "system"; name: string };

/** The actor, the organisation and the rights. They are never taken from input. */
export interface Context {
  services: Services;
  orgId: Uuid;
  /** The proof that every transaction gives the database to see the organisation's rows. */
  proof: Proof;
  actor: Actor;
  role: Role;
  address: string | null;
  /** The state that the caller has seen (`etagOf`). An update of another state is refused. */
  ifMatch?: string;
}
