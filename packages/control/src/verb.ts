import type { Tx } from "@tollgate/db/with-tenant";
import { withTenant } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import { type AuditNote, audit, auditEach, oneAtATime } from "./audit.ts";
import { type Action, authorize, type Reach } from "./authorize.ts";
import type { Context } from "./context.ts";
import { requireMatch } from "./etag.ts";
import { explained } from "./failure.ts";
import { parse } from "./parse.ts";
import { auditRefusal, isForbidden } from "./refusal.ts";

/** The name and path of a verb in the previous version. They work in this version and are marked as deprecated. */
export interface FormerRoute {
  name: string;
  path: string;
}

/** The route of a verb in the admin API, or the reason why it has none. */
export type Http =
  | {
      method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
      path: string;
      status?: number;
      /** Bytes of the body at most, if they are more than usual. */
      bodyBytesMax?: number;
      former?: FormerRoute;
    }
  | {
      internal: string;
      /** It changes nothing, so it leaves no audit entry. */
      reads?: boolean;
    };

/** What the body of a verb gets: parsed input, checked rights, and a transaction of one tenant. */
export interface Work<Input> {
  tx: Tx;
  ctx: Context;
  reach: Reach;
  input: Input;
  audit: (note: AuditNote) => Promise<void>;
  /** One entry for each of many objects, in this order. */
  auditAll: (notes: readonly AuditNote[]) => Promise<void>;
}

interface VerbRow<I extends z.ZodType, O extends z.ZodType> {
  /** `noun.verb`, unique. */
  name: string;
  action: Action;
  input: I;
  output: O;
  http: Http;
  /** Milliseconds for the transaction, if they are more than usual. */
  timeoutMs?: number;
  run: (work: Work<z.output<I>>) => Promise<z.input<O>>;
}

/** A verb in the tables of the admin API, of OpenAPI and of tests. */
export interface AnyVerb {
  readonly verb: string;
  readonly action: Action;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly http: Http;
  /** Accepts unchecked input: a body, a form. */
  call(ctx: Context, input: unknown): Promise<unknown>;
}

export interface Verb<I extends z.ZodType, O extends z.ZodType> extends AnyVerb {
  (ctx: Context, input: z.input<I>): Promise<z.output<O>>;
  readonly input: I;
  readonly output: O;
  call(ctx: Context, input: unknown): Promise<z.output<O>>;
}

/**
 * Authorises and parses, runs one transaction in the actor's organisation with its audit entry, and returns only the fields of the
 * output schema. Throws TollgateError: `forbidden`, `validation_failed` with fields, `not_found`, `conflict`,
 * `precondition_failed`, `rate_limit_exceeded` when too many changes of the organisation wait.
 */
export function verb<I extends z.ZodType, O extends z.ZodType>(row: VerbRow<I, O>): Verb<I, O> {
  const { name, action, input: schema, output, http, timeoutMs, run } = row;
  const changes = "internal" in http ? !http.reads : http.method !== "GET";
  const act = async (ctx: Context, input: unknown): Promise<z.output<O>> => {
    const reach = authorize(ctx, action);
    const work = { ctx, reach, input: parse(schema, input) };
    const { db, turns } = ctx.services;
    const transaction = () =>
      withTenant(
        db,
        ctx.proof,
        async (tx) => {
          if (changes) await oneAtATime(tx, ctx.orgId);
          const note = (noted: AuditNote): Promise<void> => {
            requireMatch(ctx, schema, noted.before);
            return audit(tx, ctx, name, noted);
          };
          const auditAll = (notes: readonly AuditNote[]): Promise<void> => auditEach(tx, ctx, name, notes);
          return run({ ...work, tx, audit: note, auditAll });
        },
        timeoutMs,
      );
    const result = await (changes ? turns.within(ctx.orgId, transaction) : transaction()).catch(explained);
    return output.parse(result);
  };
  const call = (ctx: Context, input: unknown): Promise<z.output<O>> =>
    act(ctx, input).catch(async (error: unknown) => {
      if (changes && isForbidden(error)) await auditRefusal(ctx, name, error);
      throw error;
    });
  return Object.assign((ctx: Context, input: z.input<I>) => call(ctx, input), {
    verb: name,
    action,
    input: schema,
    output,
    http,
    call,
  });
}
