import { type Fields, isFields } from "../fields.ts";

/** The objects of a list; none if it is not a list. */
const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

/** Every content block of a request, also those inside tool results, and the blocks of the system prompt. */
export function* blocksOf({ system, messages }: Fields): Generator<Fields> {
  yield* objects(system);
  for (const { content } of objects(messages)) {
    for (const block of objects(content)) {
      yield block;
      yield* objects(block.content);
      if (isFields(block.source)) yield* objects(block.source.content);
    }
  }
}

export const toolsOf = ({ tools }: Fields): Fields[] => objects(tools);
