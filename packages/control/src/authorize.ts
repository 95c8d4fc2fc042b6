import { TollgateError } from "@tollgate/contracts/errors";
import type { Role } from "@tollgate/contracts/role";
import type { Context } from "./context.ts";

/** `all` objects of the organisation, or only those of the actor's own membership. */
export type Reach = "all" | "own";

type Grants = Partial<Record<Role, Reach>>;

const ADMINS: Grants = { owner: "all", admin: "all" };
const EVERYONE: Grants = { ...ADMINS, developer: "all", finance: "all" };
const DEVELOPERS: Grants = { ...ADMINS, developer: "all" };
const OWN_KEYS: Grants = { ...ADMINS, developer: "own" };
const READS_MONEY: Grants = { ...ADMINS, finance: "all" };
const READS_SPEND: Grants = { ...READS_MONEY, developer: "own" };

/** Roles × actions. Actions that are not listed are forbidden. */
export const ACTIONS = {
  "organisation:get": EVERYONE,
  "organisation:update": ADMINS,
  "teams:list": { ...EVERYONE, developer: "own" },
  "teams:create": ADMINS,
  "teams:update": ADMINS,
  "teams:delete": ADMINS,
  "members:list": { ...EVERYONE, developer: "own" },
  "members:add": ADMINS,
  "members:update": ADMINS,
  "members:remove": ADMINS,
  "credentials:list": ADMINS,
  "credentials:create": ADMINS,
  "credentials:update": ADMINS,
  "credentials:delete": ADMINS,
  "credentials:test": ADMINS,
  "credentials:discover": ADMINS,
  "models:list": DEVELOPERS,
  "models:create": ADMINS,
  "models:update": ADMINS,
  "models:delete": ADMINS,
  "catalogue:read": DEVELOPERS,
  "prices:list": EVERYONE,
  "prices:set": ADMINS,
  "prices:delete": ADMINS,
  "keys:list": OWN_KEYS,
  "keys:get": OWN_KEYS,
  "keys:create": OWN_KEYS,
  "keys:update": OWN_KEYS,
  "keys:revoke": OWN_KEYS,
  "limits:list": READS_MONEY,
  "limits:set": ADMINS,
  "limits:delete": ADMINS,
  "batches:list": READS_SPEND,
  "batches:cancel": OWN_KEYS,
  "alerts:list": READS_MONEY,
  "channels:list": ADMINS,
  "channels:create": ADMINS,
  "channels:update": ADMINS,
  "channels:delete": ADMINS,
  "channels:test": ADMINS,
  "guardrails:list": ADMINS,
  "guardrails:create": ADMINS,
  "guardrails:update": ADMINS,
  "guardrails:delete": ADMINS,
  "tokens:list": ADMINS,
  "tokens:create": ADMINS,
  "tokens:revoke": ADMINS,
  "usage:overview": READS_MONEY,
  "usage:spend": READS_SPEND,
  "usage:requests": OWN_KEYS,
  "ledger:list": READS_MONEY,
  "ledger:maintain": ADMINS,
  "audit:read": ADMINS,
  "retention:get": ADMINS,
  "retention:update": ADMINS,
} as const satisfies Record<string, Grants>;

export type Action = keyof typeof ACTIONS;

const GRANTABLE: Record<Role, readonly Role[]> = {
  owner: ["owner", "admin", "developer", "finance"],
  admin: ["admin", "developer", "finance"],
  developer: [],
  finance: [],
};

export const reachOf = (role: Role, action: Action): Reach | undefined => (ACTIONS[action] as Grants)[role];

/** Throws `forbidden` unless the actor's role has the action. Returns its reach. */
export function authorize(ctx: Context, action: Action): Reach {
  const reach = reachOf(ctx.role, action);
  if (!reach) throw new TollgateError("forbidden", `The role ${ctx.role} may not do this (${action}).`);
  return reach;
}

export const mayGrant = (maker: Role, role: Role): boolean => GRANTABLE[maker].includes(role);

/** Nobody can grant rights that they do not have: throws `forbidden` for a role above the actor's own. */
export function authorizeGrant(ctx: Context, role: Role): void {
  if (mayGrant(ctx.role, role)) return;
  throw new TollgateError("forbidden", `The role ${ctx.role} may not grant the role ${role}.`);
}

/** An id that no row has. The nil UUID is not suitable: roll-ups use it for requests without a member. */
const NOBODY = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The actor's own membership. The system has none, and neither has a token that the system created. */
export const ownMember = ({ actor }: Context): string => (actor.kind === "system" ? null : actor.memberId) ?? NOBODY;
