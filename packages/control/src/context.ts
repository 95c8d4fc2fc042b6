import type { Uuid } from "@tollgate/contracts/ids";
import type { Role } from "@tollgate/contracts/role";
import type { PrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import type { Database } from "@tollgate/db/client";
import type { Proof } from "@tollgate/db/with-tenant";
import type { SignUpPolicy } from "./people/sign-up-policy.ts";

/** What every verb works with; made once per process by `openControl`. */
export interface Services {
  db: Database;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** HMAC key of virtual keys and admin tokens; not in the database. */
  pepper: Buffer;
  /** HMAC key of the audit chain. */
  auditKey: Buffer;
  /** Public half of the data plane's sealing key: credentials can be written, never read. */
  sealPublicKey: Uint8Array;
  /** Public half of the worker's sealing key: so can what channels keep secret. */
  channelPublicKey: Uint8Array;
  /** Private hosts that credentials and channels of the named organisations may point to. */
  privateHosts: PrivateHosts;
  /** Who may found an organisation once there is one. */
  signUp: SignUpPolicy;
  /** Where clients reach the proxy, for snippets. */
  proxyUrl: string;
}

export type Actor =
  | { kind: "user"; userId: Uuid; memberId: Uuid; name: string }
  /** `userId` and `memberId` are its maker's; null when the system made it. */
  | { kind: "token"; tokenId: Uuid; userId: Uuid | null; memberId: Uuid | null; name: string }
  | { kind: "system"; name: string };

/** Who does it, in which organisation, with which rights. Never taken from input. */
export interface Context {
  services: Services;
  orgId: Uuid;
  /** Shown to the database by every transaction: the organisation's rows are seen by who proves a right to them. */
  proof: Proof;
  actor: Actor;
  role: Role;
  address: string | null;
  /** The state the caller has seen (`etagOf`); an update that would change another one is refused. */
  ifMatch?: string;
}
