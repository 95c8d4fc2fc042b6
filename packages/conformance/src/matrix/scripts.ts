import type { Answer } from "@tollgate/testkit/provider-answer";
import * as behaviours from "@tollgate/testkit/provider-behaviour";

export type { Answer };
export type Script = Answer | behaviours.Behaviour;

export const behaviourOf = (script: Script): behaviours.Behaviour =>
  typeof script === "function" ? script : behaviours.answer(script);

/** The same for a provider that reports usage in every stream. */
export const reporting =
  (behaviour: behaviours.Behaviour): behaviours.Behaviour =>
  (asked) =>
    behaviour({ ...asked, withUsage: true });

export const status = (code: number, message: string): Script => behaviours.status(code, { message });

/** Ends the connection after so many events. */
export const cutAfter = (events: number, answer: Answer): Script =>
  behaviours.cutAfter(events, "reset", behaviours.answer(answer));
