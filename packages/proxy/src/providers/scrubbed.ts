import type { Steps } from "../body/steps.ts";

const MARK = "[secret]";
/** This many consecutive characters identify a secret. Prefixes such as `sk-proj-` are shorter. */
const RUN_CHARS = 12;
/** A shorter secret is not removed from responses, because they may contain it by chance. */
const ANSWER_SECRET_CHARS_MIN = 8;

/** Removes the secret and parts of it from a provider's error text: every run of 12 of its characters is replaced. */
export function scrubbedText(text: string, secret: string): string {
  if (secret === "") return text;
  if (secret.length < RUN_CHARS) return text.replaceAll(secret, MARK);
  const runs = new Set<string>();
  for (let at = 0; at + RUN_CHARS <= secret.length; at++) runs.add(secret.slice(at, at + RUN_CHARS));
  let clean = "";
  let from = 0;
  for (let at = 0; at + RUN_CHARS <= text.length; at++) {
    if (!runs.has(text.slice(at, at + RUN_CHARS))) continue;
    clean += text.slice(from, at) + MARK;
    while (runs.has(text.slice(at + 1, at + 1 + RUN_CHARS))) at += 1;
    from = at + RUN_CHARS;
    at = from - 1;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/**
 * Returns a function that removes the secret from response bytes. It searches only for the whole secret, plain and as
 * escaped in JSON: a model does not know the secret, so a server that repeats it repeats all of it. A chunk is copied
 * only if it contains the secret.
 */
export function bytesScrubber(secret: string): (bytes: Buffer) => Buffer {
  const forms = soughtForms(secret);
  return (bytes) => {
    let clean = bytes;
    for (const form of forms) {
      if (!clean.includes(form)) continue;
      clean = Buffer.from(clean.toString("latin1").replaceAll(form.toString("latin1"), MARK), "latin1");
    }
    return clean;
  };
}

/** Whether a text (Latin-1) contains the secret in one of these forms. A text is searched faster than bytes. */
export function secretFinder(secret: string): (latin1: string) => boolean {
  const forms = soughtForms(secret).map((form) => form.toString("latin1"));
  return (latin1) => forms.some((form) => latin1.includes(form));
}

/** The same as `bytesScrubber` for a stream: the last bytes, which may begin the secret, are returned with the next ones. */
export function streamScrubber(secret: string): { next(chunk: Buffer): Buffer; rest(): Buffer } {
  const scrub = bytesScrubber(secret);
  const overlap = Math.max(0, ...soughtForms(secret).map(({ length }) => length - 1));
  let kept: Buffer = Buffer.alloc(0);
  return {
    next(chunk) {
      const clean = scrub(kept.length === 0 ? chunk : Buffer.concat([kept, chunk]));
      const end = Math.max(0, clean.length - overlap);
      kept = clean.subarray(end);
      return clean.subarray(0, end);
    },
    rest: () => kept,
  };
}

const SEARCH_STEP_BYTES = 256 * 1024;

/** The same for a large response, in steps. */
export function* scrubbingBytes(bytes: Buffer, secret: string): Steps<Buffer> {
  const forms = soughtForms(secret);
  const overlap = Math.max(0, ...forms.map(({ length }) => length - 1));
  for (let at = 0; at < bytes.length; at += SEARCH_STEP_BYTES) {
    const part = bytes.subarray(at, at + SEARCH_STEP_BYTES + overlap);
    // A response that contains the secret is rare, so it is cleaned at once.
    if (forms.some((form) => part.includes(form))) return bytesScrubber(secret)(bytes);
    yield;
  }
  return bytes;
}

const soughtForms = (secret: string): readonly Buffer[] =>
  secret.length < ANSWER_SECRET_CHARS_MIN ? [] : formsOf(secret).map((form) => Buffer.from(form));

function formsOf(secret: string): readonly string[] {
  if (!/["\\/]/.test(secret)) return [secret];
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, escaped.replaceAll("/", "\\/")])];
}
