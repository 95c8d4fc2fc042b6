import { z } from "zod";

/** How a credential test ended. Only these codes travel: no text of the provider, no address and no secret. */
export const CREDENTIAL_TEST_OUTCOMES = [
  "works",
  "rate_limited",
  "wrong_secret",
  "forbidden",
  "wrong_region",
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

/** A kind of work that needs a provider secret: asked for by the control plane, done by a proxy. */
export interface TaskKindRow<I extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  /** What the control plane says beside the credential. */
  input: I;
  result: R;
  /** Milliseconds the work may take, counted from the moment it was asked for. */
  workMs: number;
  /** Milliseconds within which a proxy must begin; then there is no proxy. */
  beginMs: number;
  /** Milliseconds a proxy has it for itself. Longer than `workMs`, so that the result arrives before another proxy begins. */
  leaseMs: number;
  /** Milliseconds after which nobody waits for a result any more. */
  waitMs: number;
  /** Tasks of one organisation at the same time, and begun within a minute; more are refused. */
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
    workMs: 2_300,
    beginMs: 3_000,
    leaseMs: 4_000,
    waitMs: 10_000,
    openMax: 8,
    perMinuteMax: 30,
  }),
} as const;

export type TaskKind = keyof typeof TASKS;
export type TaskInput<K extends TaskKind> = z.infer<(typeof TASKS)[K]["input"]>;
export type TaskResult<K extends TaskKind> = z.infer<(typeof TASKS)[K]["result"]>;

export const TASK_KINDS = Object.keys(TASKS) as TaskKind[];

export const isTaskKind = (kind: string): kind is TaskKind => Object.hasOwn(TASKS, kind);
