const MARK = "[secret]";
/** So many characters of a secret in a row identify it. Prefixes such as `sk-proj-` are shorter. */
const RUN_CHARS = 12;
/** A shorter secret is a word: answers contain it by chance. */
const ANSWER_SECRET_CHARS_MIN = 8;

/** Provider error text without the secret, whole or in part: every run of 12 of its characters is replaced. */
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
 * Answer bytes without the secret. Only the whole secret is looked for, as it is and as JSON may write it: a model does
 * not know the key, so what contains it is an echo of the request. One search per chunk, no copy unless it is found.
 */
export function bytesScrubber(secret: string): (bytes: Buffer) => Buffer {
  const forms = secret.length < ANSWER_SECRET_CHARS_MIN ? [] : formsOf(secret).map((form) => Buffer.from(form));
  return (bytes) => {
    let clean = bytes;
    for (const form of forms) {
      if (!clean.includes(form)) continue;
      clean = Buffer.from(clean.toString("latin1").replaceAll(form.toString("latin1"), MARK), "latin1");
    }
    return clean;
  };
}

function formsOf(secret: string): readonly string[] {
  if (!/["\\/]/.test(secret)) return [secret];
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, escaped, escaped.replaceAll("/", "\\/")])];
}
