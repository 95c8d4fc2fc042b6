/** Kinds of objects that dialogs and filters search for as one types. `model` gives ids, `model-name` the names. */
export const PICK_KINDS = ["team", "member", "key", "model", "model-name", "credential"] as const;
export type PickKind = (typeof PICK_KINDS)[number];
