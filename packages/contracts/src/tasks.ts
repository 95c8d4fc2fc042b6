import { z } from "zod";
import { BATCH_OUTCOMES, BATCH_SURFACES } from "./batch.ts";
import { DatedPrice } from "./grant.ts";
import { Use } from "./usage-event.ts";

/** Result of a credential test. Only these codes are sent: no text of the provider, no address and no secret. */
export const CREDENTIAL_TEST_OUTCOMES = [
  "works",
  "rate_limited",
  "wrong_secret",
  "forbidden",
  "wrong_region",
  "wrong_tenant",
  "wrong_client",
  "wrong_role",
  "wrong_clock",
  "token_refused",
  "token_unreachable",
  "wrong_endpoint",
  "redirected",
  "not_an_api",
  "rejected",
  "server_error",
  "host_not_found",
  "host_blocked",
  "connection_refused",
  "connection_failed",
  "tls_failed",
  "timed_out",
  "secret_not_bound",
  "secret_unreadable",
  "unknown_provider",
] as const;
export type CredentialTestOutcome = (typeof CREDENTIAL_TEST_OUTCOMES)[number];

/** Outcome of a request for a provider's list of models: that of the request, or that there is no list. */
export const MODEL_LIST_OUTCOMES = [...CREDENTIAL_TEST_OUTCOMES, "no_list", "unreadable_list"] as const;
export type ModelListOutcome = (typeof MODEL_LIST_OUTCOMES)[number];

export const LISTED_MODELS_MAX = 1_000;

/**
 * A name by which a provider calls a model, as far as it can be a target. The name may be part of a URL, so it must not
 * change the path.
 */
export const UPSTREAM_MODEL = /^(?!.*(?:[?#\\%]|(?:^|\/)\.{1,2}(?:\/|$)))[!-~]{1,200}$/;

/** A kind of work that needs a provider secret. The control plane asks for it, and a proxy does it. */
export interface TaskKindRow<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  /** Input from the control plane, beside the credential. */
  input: I;
  result: R;
  /** Milliseconds that the work may take, from the request on. */
  workMs: number;
  /** Milliseconds within which a proxy must begin. After that, no proxy is available. */
  beginMs: number;
  /**
   * Milliseconds for which a proxy has the task exclusively. Longer than `workMs`, so that the result arrives before
   * another proxy begins.
   */
  leaseMs: number;
  /** Milliseconds after which the task counts as unanswered and its result is no longer awaited. */
  waitMs: number;
  /** Maximum number of running tasks per organisation, and of tasks per minute. More are refused. */
  openMax: number;
  perMinuteMax: number;
}

const row = <I extends z.ZodType, R extends z.ZodType>(kind: TaskKindRow<I, R>): TaskKindRow<I, R> => kind;

/** A new kind is a row here, and a file in the proxy's `tasks/` that does the work. */
export const TASKS = {
  "credential.test": row({
    input: z.strictObject({}),
    result: z.strictObject({
      outcome: z.enum(CREDENTIAL_TEST_OUTCOMES),
      /** The HTTP status of the provider; null: it did not answer. */
      status: z.int().min(100).max(999).nullable(),
      durationMs: z.int().nonnegative(),
    }),
    workMs: 2_000,
    beginMs: 3_000,
    leaseMs: 4_000,
    waitMs: 10_000,
    openMax: 8,
    perMinuteMax: 30,
  }),
  /** Lists the models that a credential may call. */
  "credential.models": row({
    input: z.strictObject({}),
    result: z.strictObject({
      outcome: z.enum(MODEL_LIST_OUTCOMES),
      status: z.int().min(100).max(999).nullable(),
      durationMs: z.int().nonnegative(),
      /** Sorted, each once. */
      models: z.array(z.string().regex(UPSTREAM_MODEL)).max(LISTED_MODELS_MAX),
      /** There are more models, or some whose names cannot be used. */
      isPartial: z.boolean(),
    }),
    workMs: 10_000,
    beginMs: 3_000,
    leaseMs: 12_000,
    waitMs: 20_000,
    openMax: 4,
    perMinuteMax: 20,
  }),
  /** Seals a credential again if its box, from an older version, has no origin. Only the system asks for it. */
  "credential.reseal": row({
    input: z.strictObject({}),
    result: z.strictObject({
      /** SHA-256 of the old box's text, hex. The new box replaces only this one. */
      oldBoxHash: z.string().regex(/^[0-9a-f]{64}$/),
      box: z.base64().max(12_288),
    }),
    workMs: 5_000,
    beginMs: 60_000,
    leaseMs: 20_000,
    waitMs: 120_000,
    openMax: 0,
    perMinuteMax: 0,
  }),
  /** Asks a provider for the state of a batch, and sums what its lines used when it has ended. Only the system asks for it. */
  "batch.poll": row({
    input: z.strictObject({
      batchId: z.uuid(),
      surface: z.enum(BATCH_SURFACES),
      providerBatchId: z.string().max(256),
      provider: z.string(),
      upstreamModel: z.string(),
      /** The model behind a name that is not one, such as that of a deployment. Absent or null: the name is the model's. */
      baseModel: z.string().nullable().optional(),
      /** When it was created, epoch ms: its price is that of this time. */
      atMs: z.int(),
      /** The organisation's own prices of the model. */
      prices: z.array(DatedPrice).max(100),
      /** The provider is to cancel it, if it has not ended. Absent: no. */
      isCancelled: z.boolean().optional(),
    }),
    result: z.discriminatedUnion("state", [
      z.strictObject({ state: z.literal("open") }),
      /** The provider has no such batch, or no longer its results. */
      z.strictObject({ state: z.literal("gone") }),
      /** The provider's ids of batches that may be the one whose id is not known; empty: it has created none. */
      z.strictObject({ state: z.literal("found"), providerBatchIds: z.array(z.string().max(100)).max(20) }),
      z.strictObject({
        state: z.literal("ended"),
        outcome: z.enum(BATCH_OUTCOMES),
        /** The sum over all lines. */
        use: Use,
        /** nano-USD as decimal text; null: the price is unknown. */
        costNano: z
          .string()
          .regex(/^\d{1,22}$/)
          .nullable(),
        priceVersion: z.string().max(64).nullable(),
        linesDone: z.int().nonnegative(),
        linesFailed: z.int().nonnegative(),
        /** Lines whose usage looks wrong. */
        suspect: z.int().nonnegative(),
      }),
    ]),
    workMs: 300_000,
    beginMs: 60_000,
    leaseMs: 330_000,
    waitMs: 700_000,
    openMax: 0,
    perMinuteMax: 0,
  }),
} as const;

export type TaskKind = keyof typeof TASKS;
export type TaskInput<K extends TaskKind> = z.infer<(typeof TASKS)[K]["input"]>;
export type TaskResult<K extends TaskKind> = z.infer<(typeof TASKS)[K]["result"]>;

export const TASK_KINDS = Object.keys(TASKS) as TaskKind[];

export const isTaskKind = (kind: string): kind is TaskKind => Object.hasOwn(TASKS, kind);
