import { Pace, type Steps } from "./steps.ts";

type Json = Readonly<Record<string, unknown>>;

/** Approximate length of one piece, in characters. */
const PIECE_CHARS = 32 * 1024;

/** How an object is written: the order of its names and the text around them. */
interface ObjectForm {
  names(value: object): string[];
  open: string;
  beforeName: string;
  afterName: string;
  afterMember: string;
  close: string;
}

/** The format of `JSON.stringify`. */
const PLAIN: ObjectForm = {
  names: Object.keys,
  open: "{",
  beforeName: "",
  afterName: ":",
  afterMember: "",
  close: "}",
};

/**
 * As pairs sorted by name: `{"b":1,"a":2}` becomes `{"pairs":[["a",2],["b",1]]}`. Pairs are used instead of an object,
 * because in an object a name such as `__proto__` or `1` would be moved or lost.
 */
const PAIRS: ObjectForm = {
  names: (value) => Object.keys(value).sort(),
  open: '{"pairs":[',
  beforeName: "[",
  afterName: ",",
  afterMember: "]",
  close: "]}",
};

/** Writes `JSON.stringify(value)` in pieces to `add`. The value must come from parsed JSON. */
export const writing = (value: unknown, add: (piece: string) => void): Steps<void> => written(value, add, PLAIN);

/** The same with every object as `{"pairs":…}`, so that the text does not depend on the order of names. */
export const writingSorted = (value: unknown, add: (piece: string) => void): Steps<void> => written(value, add, PAIRS);

function* written(root: unknown, add: (piece: string) => void, form: ObjectForm): Steps<void> {
  const pace = new Pace();
  let piece = "";
  const put = (text: string): void => {
    piece += text;
    if (piece.length < PIECE_CHARS) return;
    add(piece);
    piece = "";
  };
  function* long(text: string): Steps<void> {
    put('"');
    for (let at = 0; at < text.length; ) {
      let end = at + PIECE_CHARS;
      // A surrogate pair must not be split.
      if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end += 1;
      put(JSON.stringify(text.slice(at, end)).slice(1, -1));
      at = end;
      yield;
    }
    put('"');
  }
  function* walk(value: unknown): Steps<void> {
    if (typeof value === "string" && value.length > PIECE_CHARS) yield* long(value);
    else if (typeof value !== "object" || value === null) put(JSON.stringify(value));
    else if (Array.isArray(value)) {
      put("[");
      for (const [index, item] of value.entries()) {
        if (index > 0) put(",");
        if (isPlain(item)) put(JSON.stringify(item));
        else yield* walk(item);
        if (pace.passes(item)) yield;
      }
      put("]");
    } else {
      put(form.open);
      let before = form.beforeName;
      for (const name of form.names(value)) {
        put(before + JSON.stringify(name) + form.afterName);
        before = `,${form.beforeName}`;
        const inner = (value as Json)[name];
        if (isPlain(inner)) put(JSON.stringify(inner));
        else yield* walk(inner);
        put(form.afterMember);
        if (pace.passes(inner, name)) yield;
      }
      put(form.close);
    }
  }
  yield* walk(root);
  if (piece !== "") add(piece);
}

/** Whether `JSON.stringify` of the value is short. */
const isPlain = (value: unknown): boolean =>
  typeof value === "string" ? value.length <= PIECE_CHARS : typeof value !== "object" || value === null;
