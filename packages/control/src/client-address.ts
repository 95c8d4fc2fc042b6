import { clientAddress, parseTrustedProxies, type TrustedProxies } from "@tollgate/dial/client-address";

/** For adapters, which do not import `dial`. */
export { clientAddress, parseTrustedProxies, type TrustedProxies };
