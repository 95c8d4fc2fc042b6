import { env } from "@/env.ts";
import { adminApi } from "@/lib/admin-api/admin-api.ts";
import { CLIENT_ADDRESS, readClientAddress } from "@/lib/client-address.ts";
import { services } from "@/lib/services.ts";

const handle = adminApi({
  services,
  base: "/api/v1",
  addressOf: ({ headers }) => readClientAddress(headers.get(CLIENT_ADDRESS)),
  operatorToken: () => env().TOLLGATE_OPERATOR_TOKEN,
  onFault: (error, requestId) => console.error(requestId, error),
});

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
