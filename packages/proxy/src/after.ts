import type { Soon } from "@tollgate/limits/store";

/** Continues with an answer that may be there already, without a turn of the event loop when it is. */
export const after = <A, B>(answer: Soon<A>, next: (answer: A) => Soon<B>): Soon<B> =>
  answer instanceof Promise ? answer.then(next) : next(answer);
