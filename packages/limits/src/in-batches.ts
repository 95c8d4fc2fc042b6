/** Items worked on at the same time. */
const AT_ONCE = 50;

/**
 * Works on many items, some at a time. An item that fails does not stop the others. When all of a batch fail, what they need
 * is probably down: it throws the first error and leaves the rest.
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

/** The same work, which does nothing while it is still running, and reports its error. */
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
