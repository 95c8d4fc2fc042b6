/** Props that Next passes to a page under `[org]`. */
export interface OrgPage {
  params: Promise<{ org: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}
