import { type Fields, isFields } from "../fields.ts";
import { listOf, named } from "./names.ts";

/** The parts of a content. */
export const partsIn = (content: Fields): Fields[] =>
  listOf(content.parts)
    .filter(isFields)
    .map((part) => named(part));

/** Every part of a request, also the files inside the results of functions. */
export function* partsOf(given: Fields): Generator<Fields> {
  const { contents, systemInstruction } = named(given);
  for (const content of [...listOf(systemInstruction), ...listOf(contents)]) {
    if (!isFields(content)) continue;
    for (const part of partsIn(content)) {
      yield part;
      if (isFields(part.functionResponse)) yield* partsIn(part.functionResponse);
    }
  }
}

export const toolsOf = (given: Fields): Fields[] =>
  listOf(named(given).tools)
    .filter(isFields)
    .map((tool) => named(tool));

/** The file of a part: its bytes, or the address of a file. Null: the part has no file. */
export function fileIn({ inlineData, fileData }: Fields): Fields | null {
  const file = inlineData ?? fileData;
  return isFields(file) ? named(file) : null;
}
