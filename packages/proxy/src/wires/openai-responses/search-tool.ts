const SEARCH = /^web_search(?:_preview)?(?:_\d{4}_\d\d_\d\d)?$/;

/** Whether a tool of this type is a search of the web. */
export const isSearchTool = (type: unknown): boolean => typeof type === "string" && SEARCH.test(type);
