import { FIELD_VALUES } from "./credential-fields.ts";

/** What is sealed for a server that wants no secret. */
export const NO_SECRET = "";

/** A provider's API key. */
export const Secret = FIELD_VALUES.secret;
