/** Items processed at the same time. */
const AT_ONCE = 50;

/**
 * Processes many items in batches. An item that fails does not stop the others. When all items of a batch fail, a
 * store is probably down: it throws the first error and does not process the rest.
 */
export async function inBatches<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  onError: (error: Error) => void,
): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const batch = items.slice(at, at + AT_ONCE);
    const failed = (await Promise.allSettled(batch.map(work))).filter((result) => result.status === "rejected");
    if (failed.length === batch.length) throw failed[0]?.reason;
    if (failed[0]) onError(failed[0].reason);
  }
}

/** Wraps `work`: a call does nothing while an earlier call is running, and errors go to `onError`. */
export function once<Arguments extends unknown[]>(
  work: (...given: Arguments) => Promise<void>,
  onError: (error: Error) => void,
): (...given: Arguments) => Promise<void> {
  let isRunning = false;
  return async (...given) => {
    if (isRunning) return;
    isRunning = true;
    await work(...given).catch(onError);
    isRunning = false;
  };
}
