import type { Soon } from "@tollgate/limits/store";

/**
 * Calls `next` with a result that may be a promise. If it is not one, it does so at once, without a turn of the event
 * loop.
 */
export const after = <A, B>(answer: Soon<A>, next: (answer: A) => Soon<B>): Soon<B> =>
  answer instanceof Promise ? answer.then(next) : next(answer);
