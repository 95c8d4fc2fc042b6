import { type Fields, isString } from "../fields.ts";

/** Whether a tool is Anthropic's search of the web. */
export const isSearchTool = ({ type }: Fields): boolean => isString(type) && /^web_search_\d{8}$/.test(type);
