import type { FieldDifference, Serving } from "@tollgate/catalog/providers";
import { BoundedMap } from "../directory/bounded-map.ts";

export type RefusedFields = Readonly<Record<string, FieldDifference>>;

/** A candidate, as far as it decides what is learnt. */
export interface Pupil {
  credential: { id: string; baseUrl: string };
  target: { upstreamModel: string };
  way: { wire: { id: string }; serving: Serving };
}

/** What a provider refused of a model, and that it answered without it. */
export interface Lesson {
  credentialId: string;
  upstreamModel: string;
  fields: RefusedFields;
}

/** What providers were found to refuse, for each credential, model and wire. In the memory of this process only. */
export interface Lessons {
  /** How to send to this candidate. */
  servingOf(candidate: Pupil): Serving;
  /** How to send to it without these fields too. */
  servingWithout(candidate: Pupil, fields: RefusedFields): Serving;
  /** The provider answered without these fields. */
  learn(orgId: string, candidate: Pupil, fields: RefusedFields): void;
}

export interface LessonsOptions {
  /** Monotonic milliseconds; default `performance.now`. */
  monotonic?: () => number;
  /** Called for each lesson that is new. */
  onLearnt?: (orgId: string, lesson: Lesson) => void;
}

interface Known {
  fields: RefusedFields;
  /** The serving that was changed, and the result. */
  before: Serving;
  after: Serving;
  untilMs: number;
  bytes: number;
}

/** A provider may take a field later, so it is tried again after this time. */
const KEPT_MS = 3_600_000;
const BOUNDS = { entriesMax: 10_000, bytesMax: 8_000_000 };
const ENTRY_BYTES = 200;

const keyOf = ({ credential, target, way }: Pupil): string =>
  `${credential.id} ${way.wire.id} ${target.upstreamModel} ${credential.baseUrl}`;

function changed(serving: Serving, fields: RefusedFields): Serving {
  const isUsageUnasked = fields.stream_options?.isRefused;
  return {
    ...serving,
    hasLearnt: true,
    fields: { ...serving.fields, ...fields },
    ...(isUsageUnasked && { streamUsage: "always" }),
  };
}

export function openLessons({ monotonic = () => performance.now(), onLearnt }: LessonsOptions = {}): Lessons {
  const byTarget = new BoundedMap<Known>(BOUNDS);
  const known = (candidate: Pupil): Known | undefined => {
    const key = keyOf(candidate);
    const found = byTarget.get(key);
    if (!found || (found.untilMs > monotonic() && found.before === candidate.way.serving)) return found;
    byTarget.delete(key);
    return undefined;
  };
  const servingOf = (candidate: Pupil): Serving =>
    byTarget.size === 0 ? candidate.way.serving : (known(candidate)?.after ?? candidate.way.serving);
  return {
    servingOf,
    servingWithout: (candidate, fields) => changed(servingOf(candidate), fields),
    learn(orgId, candidate, found) {
      const lasting = Object.entries(found).filter(([, { isOnce }]) => !isOnce);
      if (lasting.length === 0) return;
      const fields = Object.fromEntries(lasting);
      const all = { ...known(candidate)?.fields, ...fields };
      const key = keyOf(candidate);
      const { serving } = candidate.way;
      byTarget.set(key, {
        fields: all,
        before: serving,
        after: changed(serving, all),
        untilMs: monotonic() + KEPT_MS,
        bytes: key.length * 2 + ENTRY_BYTES * (1 + Object.keys(all).length),
      });
      const { credential, target } = candidate;
      onLearnt?.(orgId, { credentialId: credential.id, upstreamModel: target.upstreamModel, fields });
    },
  };
}
