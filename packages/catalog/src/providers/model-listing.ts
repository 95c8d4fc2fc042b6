/** How a provider lists the models that a credential may call: a GET, page by page. */
export interface ModelListing {
  /** Appended to the base URL; it may have a query. */
  path: string;
  /** The path is appended to the origin of the base URL instead. */
  isAtOrigin?: true;
  /** In addition to the headers of the auth scheme. */
  headers?: Record<string, string>;
  /** The field with the models, or several. Null: the answer itself is the array. */
  items: string | readonly string[] | null;
  /** The field of a model with the name to call it by. */
  name: string;
  /** Removed from the start of each name. */
  prefix?: string;
  /** Where an answer names the next page, and the query parameter that asks for it. Absent: there is one page. */
  next?: { field: string; parameter: string };
}

/** The list of OpenAI's format. */
export const OPENAI_LISTING: ModelListing = { path: "/models", items: "data", name: "id" };

export const ANTHROPIC_LISTING: ModelListing = {
  path: "/models?limit=1000",
  headers: { "anthropic-version": "2023-06-01" },
  items: "data",
  name: "id",
  next: { field: "last_id", parameter: "after_id" },
};

export const GOOGLE_LISTING: ModelListing = {
  path: "/models?pageSize=1000",
  items: "models",
  name: "name",
  prefix: "models/",
  next: { field: "nextPageToken", parameter: "pageToken" },
};
