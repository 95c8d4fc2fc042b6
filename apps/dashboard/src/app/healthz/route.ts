/** The server answers; whether it can do its work is `/readyz`. */
export const GET = (): Response => Response.json({ status: "alive" }, { headers: { "cache-control": "no-store" } });
