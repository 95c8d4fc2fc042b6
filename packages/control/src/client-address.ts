import { clientAddress, type TrustedProxies, trustedProxies } from "@tollgate/dial/client-address";

/** For adapters, which do not import `dial`. */
export { clientAddress, type TrustedProxies, trustedProxies };
