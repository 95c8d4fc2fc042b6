import type { CitedPage } from "../../cited-pages.ts";

export const annotationOf = ({ url, title, start, end }: CitedPage) => ({
  type: "url_citation",
  url_citation: { url, title: title || url, start_index: start, end_index: end },
});
