const RESPONSE = /^resp_([0-9a-f]{32})$/;
/** An item of an answer, or the input item at a position (`i`). */
const ITEM = /^[a-z]{2,4}_([0-9a-f]{32})_i?\d{1,6}$/;

/** Ids of responses and items that the gateway keeps. They contain the id of the request, so an item leads to its response. */
export const keptId = (requestId: string): string => `resp_${requestId.replaceAll("-", "")}`;

export const isKeptId = (id: string): boolean => RESPONSE.test(id);

/** The id of the response that the item belongs to. Null: the gateway does not keep it. */
export function responseOfItem(itemId: string): string | null {
  const [, requestId] = ITEM.exec(itemId) ?? [];
  return requestId === undefined ? null : `resp_${requestId}`;
}

/** Makes the ids of the items of a response. */
export function itemIds(responseId: string): (prefix: string) => string {
  const own = responseId.slice("resp_".length);
  let count = 0;
  return (prefix) => `${prefix}_${own}_${count++}`;
}

export const inputItemId = (responseId: string, prefix: string, index: number): string =>
  `${prefix}_${responseId.slice("resp_".length)}_i${index}`;
