import type { FieldDifference, Serving } from "@tollgate/catalog/providers";
import { type Fields, fieldsOf, isFields } from "./fields.ts";
import { placeOf, valueAt } from "./inner-field.ts";

export type Differences = Readonly<Record<string, FieldDifference>>;

/** Changes of a request: field → JSON text of its value, and field → its name at the provider (null: left out). */
export interface FieldChanges {
  edits: Record<string, string>;
  names: Record<string, string | null>;
}

const isFor = ({ models }: FieldDifference, upstreamModel: string): boolean => !models || models.test(upstreamModel);

/** `isPlain`: the field is not inside an object, and has one spelling. */
type Applying = readonly (readonly [field: string, difference: FieldDifference, isPlain: boolean])[];

const NONE: Applying = [];
const MODELS_MAX = 200;
const known = new WeakMap<Differences, Map<string, Applying>>();

/** The differences that are about a model. Results are cached, because every call needs them twice. */
function applyingTo(fields: Differences | undefined, upstreamModel: string): Applying {
  if (!fields) return NONE;
  const byModel = known.get(fields) ?? new Map<string, Applying>();
  let applying = byModel.get(upstreamModel);
  if (!applying) {
    applying = Object.entries(fields)
      .filter(([, difference]) => isFor(difference, upstreamModel))
      .map(([field, difference]) => [field, difference, !/[A-Z.]/.test(field)] as const);
    if (byModel.size === MODELS_MAX) byModel.clear();
    known.set(fields, byModel.set(upstreamModel, applying));
  }
  return applying;
}

const isAbout = ({ only }: FieldDifference, value: unknown): boolean => !only || only.has(value);

/** What is changed in this request, because the provider has other names or values for its fields, or refuses them. */
export function fieldChanges(body: Fields, fields: Differences | undefined, upstreamModel: string): FieldChanges {
  const changes: FieldChanges = { edits: {}, names: {} };
  for (const [field, difference, isPlain] of applyingTo(fields, upstreamModel)) {
    const { name, values, isRefused } = difference;
    const place = isPlain ? null : placeOf(body, field);
    const value = isPlain ? body[field] : place?.within[place.key];
    if (value === undefined || !isAbout(difference, value)) continue;
    if (place?.parent) {
      if (isRefused) leaveInner(changes.edits, place.parent, place.within, place.key);
    } else if (isRefused) changes.names[place?.key ?? field] = null;
    else if (name !== undefined) rename(changes.names, body, field, name);
    const other = typeof value === "string" ? values?.[value] : undefined;
    if (other !== undefined) changes.edits[field] = JSON.stringify(other);
  }
  return changes;
}

/** Leaves a field out of an object, which an earlier change may have changed already. */
function leaveInner(edits: FieldChanges["edits"], parent: string, given: Fields, key: string): void {
  const before: Fields = edits[parent] === undefined ? given : JSON.parse(edits[parent]);
  const { [key]: _, ...rest } = before;
  edits[parent] = JSON.stringify(rest);
}

/** A request with both names would have the same field twice. Null is no value: it must not take the place of one. */
function rename(names: FieldChanges["names"], body: Fields, field: string, name: string): void {
  const isRenamed = body[field] !== null && (body[name] ?? null) === null;
  names[field] = isRenamed ? name : null;
  if (isRenamed && body[name] === null) names[name] = null;
}

/** The provider's name of a field that the gateway adds. */
export function nameOfAdded(field: string, fields: Differences | undefined, upstreamModel: string): string {
  const difference = fields?.[field];
  return difference && isFor(difference, upstreamModel) ? (difference.name ?? field) : field;
}

/** The fields of this request that the provider refuses, so that they are left out. A stream's usage is reported anyway. */
export function leftOut(body: object, { fields, streamUsage }: Serving, upstreamModel: string): string[] {
  const given = fieldsOf(body);
  const names: string[] = [];
  for (const [field, difference, isPlain] of applyingTo(fields, upstreamModel)) {
    const value = isPlain ? given[field] : valueAt(given, field);
    if (!difference.isRefused || (value ?? null) === null || !isAbout(difference, value)) continue;
    if (field !== "stream_options" || streamUsage !== "always") names.push(field);
  }
  return names;
}

/** The same as JSON text, with the names of what is left out. `body` itself if it is no object. */
export function withTextChanges(
  body: string,
  serving: Serving,
  upstreamModel: string,
): { body: string; left: string[] } {
  const json: unknown = JSON.parse(body);
  if (!isFields(json)) return { body, left: [] };
  const changed = withFieldChanges(json, serving.fields, upstreamModel);
  return { body: JSON.stringify(changed), left: leftOut(json, serving, upstreamModel) };
}

/** A request that a provider package has built, as the provider takes it. */
export function withFieldChanges(body: Fields, fields: Differences | undefined, upstreamModel: string): Fields {
  if (!fields) return body;
  const { edits, names } = fieldChanges(body, fields, upstreamModel);
  const changed = Object.entries(body).flatMap(([field, value]) => {
    const name = Object.hasOwn(names, field) ? names[field] : field;
    const edit = edits[field];
    return name === null || name === undefined ? [] : [[name, edit === undefined ? value : JSON.parse(edit)]];
  });
  return Object.fromEntries(changed);
}
