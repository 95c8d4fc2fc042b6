import { Secret } from "./secret.ts";

/** A credential with several fields: its scheme, and its secrets and settings by name. */
export interface BoxFields {
  scheme: string;
  fields: Readonly<Record<string, string>>;
}

/** The content of an opened box. It prints as `[secret]`, like the secret in it. */
export class Opened extends Secret {
  /** The auth scheme for which it was entered. Null: the provider's first. */
  readonly scheme: string | null;
  readonly #fields: Readonly<Record<string, string> & { secret: string }>;

  constructor(content: string | BoxFields) {
    const fields = typeof content === "string" ? { secret: content } : { secret: "", ...content.fields };
    super(fields.secret);
    this.scheme = typeof content === "string" ? null : content.scheme;
    this.#fields = fields;
  }

  /** Secrets and settings by name. `secret` is empty if there is none. */
  fields(): Readonly<Record<string, string> & { secret: string }> {
    return this.#fields;
  }
}
