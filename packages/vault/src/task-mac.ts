import { createHmac, timingSafeEqual } from "node:crypto";

/** A proxy's report of a task. `result` is JSON text, so that the signed bytes are checked. */
export interface TaskReport {
  orgId: string;
  taskId: string;
  kind: string;
  result: string;
}

/** Only the last field can contain a line feed. */
const mac = (key: Uint8Array, { orgId, taskId, kind, result }: TaskReport): Buffer =>
  createHmac("sha256", key).update(["task", orgId, taskId, kind, result].join("\n")).digest();

/** MAC in base64url with the key that signs usage events. */
export const signTask = (key: Uint8Array, report: TaskReport): string => mac(key, report).toString("base64url");

/** Whether one of the valid keys signed the report: two during a key rotation. */
export function isSignedTask(keys: readonly Uint8Array[], report: TaskReport & { mac: string }): boolean {
  const given = Buffer.from(report.mac, "base64url");
  return keys.some((key) => {
    const right = mac(key, report);
    return right.length === given.length && timingSafeEqual(right, given);
  });
}
