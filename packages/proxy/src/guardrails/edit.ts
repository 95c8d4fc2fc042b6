/** One string of the request to be replaced; everything else stays as it came. */
export interface TextEdit {
  path: readonly (string | number)[];
  text: string;
}

type Json = Readonly<Record<string, unknown>>;

/** A copy with the edits applied; whatever they do not touch is shared. The very same object when there are none. */
export function applyEdits(body: Json, edits: readonly TextEdit[]): Json {
  return edits.reduce<Json>((edited, { path, text }) => replaced(edited, path, text) as Json, body);
}

function replaced(value: unknown, [key, ...rest]: TextEdit["path"], text: string): unknown {
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.with(Number(key), replaced(value[Number(key)], rest, text));
  const object = value as Json;
  return { ...object, [key]: replaced(object[key], rest, text) };
}
