/* Fields of objects that a provider stores: files and batches. They are not bodies of calls. */

export { type Fields as StoredObject, isFields as isObject, isString } from "./fields.ts";
