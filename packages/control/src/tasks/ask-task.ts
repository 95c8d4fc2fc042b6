import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { TASKS, type TaskInput, type TaskKind } from "@tollgate/contracts/tasks";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "../context.ts";
import { latestTask, type TaskState } from "./task-state.ts";

interface Asked<K extends TaskKind> {
  kind: K;
  credentialId: string;
  input: TaskInput<K>;
}

interface Load {
  open: number;
  recent: number;
  /** Seconds until the oldest of the last minute no longer counts. */
  freeIn: number;
}

/**
 * Asks the proxies to do something with a credential; notifies them when the transaction commits. A task of the same kind
 * that still runs for the credential is returned instead of a second one. Throws `rate_limit_exceeded`. Call it while the
 * organisation's lock is held, as a verb that changes something does.
 */
export async function askTask<K extends TaskKind>(
  tx: Tx,
  { orgId, services }: Pick<Context, "orgId" | "services">,
  { kind, credentialId, input }: Asked<K>,
): Promise<{ task: TaskState; isNew: boolean }> {
  const running = await latestTask(tx, orgId, kind, credentialId);
  if (running?.phase === "running") return { task: running, isNew: false };
  await refuseTooMany(tx, orgId, kind);
  const { beginMs, waitMs, leaseMs } = TASKS[kind];
  const id = uuidV7(services.now());
  await tx.$executeRaw`
    insert into proxy_task (id, org_id, credential_id, kind, input, begin_by, wait_until, lease_ms)
    values (${id}::uuid, ${orgId}::uuid, ${credentialId}::uuid, ${kind}, ${JSON.stringify(input)}::jsonb,
      clock_timestamp() + ${beginMs} * interval '1 millisecond', clock_timestamp() + ${waitMs} * interval '1 millisecond',
      ${leaseMs})`;
  const task = await latestTask(tx, orgId, kind, credentialId);
  if (!task) throw new Error(`the task ${id} was not stored`);
  return { task, isNew: true };
}

async function refuseTooMany(tx: Tx, orgId: string, kind: TaskKind): Promise<void> {
  const { openMax, perMinuteMax } = TASKS[kind];
  const [load] = await tx.$queryRaw<Load[]>`
    select count(*) filter (where done_at is null and not outdated and wait_until > clock_timestamp()
        and (claims > 0 or begin_by > clock_timestamp()))::int as open,
      count(*)::int as recent,
      coalesce(greatest(1, ceil(60 - extract(epoch from clock_timestamp() - min(asked_at)))), 1)::int as "freeIn"
    from proxy_task
    where org_id = ${orgId}::uuid and kind = ${kind} and asked_at > clock_timestamp() - interval '1 minute'`;
  const { open = 0, recent = 0, freeIn = 1 } = load ?? {};
  if (recent >= perMinuteMax)
    throw new TollgateError(
      "rate_limit_exceeded",
      `At most ${perMinuteMax} of these can be started in a minute. Try again in ${freeIn} s.`,
      { retryAfterSeconds: freeIn },
    );
  if (open >= openMax)
    throw new TollgateError("rate_limit_exceeded", `${openMax} of these are running. Try again when one has ended.`, {
      retryAfterSeconds: 1,
    });
}
