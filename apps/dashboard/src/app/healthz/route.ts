/** Says that the server answers. `/readyz` says whether it can do its work. */
export const GET = (): Response => Response.json({ status: "alive" }, { headers: { "cache-control": "no-store" } });
