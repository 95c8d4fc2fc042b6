import { ping } from "@tollgate/db/ping";
import type { Services } from "./context.ts";

const asking = new WeakMap<Services, Promise<void>>();

/**
 * Whether the database answers within `timeoutMs`. Only one query runs at a time: probes add no load to a database that
 * hangs.
 */
export async function pingDatabase(services: Services, timeoutMs: number): Promise<boolean> {
  const answered = (asking.get(services) ?? ask(services)).then(
    () => true,
    () => false,
  );
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  return Promise.race([answered, late.promise]).finally(() => clearTimeout(timer));
}

function ask(services: Services): Promise<void> {
  const asked = ping(services.db).finally(() => asking.delete(services));
  asking.set(services, asked);
  return asked;
}
