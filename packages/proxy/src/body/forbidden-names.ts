/** Names that could bypass policy: another origin, another secret, custom headers. Letters and digits only. */
const FORBIDDEN = new Set([
  "apibase",
  "apibaseurl",
  "apihost",
  "apikey",
  "apitype",
  "apiurl",
  "apiversion",
  "authorization",
  "awsaccesskeyid",
  "awsbedrockruntimeendpoint",
  "awsprofilename",
  "awsregionname",
  "awsrolename",
  "awssecretaccesskey",
  "awssessionname",
  "awssessiontoken",
  "awsstsendpoint",
  "awswebidentitytoken",
  "azureadtoken",
  "azureadtokenprovider",
  "azuredeployment",
  "azureendpoint",
  "azurepassword",
  "azureusername",
  "baseurl",
  "clientsecret",
  "customheaders",
  "customllmprovider",
  "defaultheaders",
  "defaultquery",
  "endpointurl",
  "extraheaders",
  "extraquery",
  "headers",
  "httpheaders",
  "httpproxy",
  "httpsproxy",
  "proxyurl",
  "vertexaicredentials",
  "vertexailocation",
  "vertexaiproject",
  "vertexcredentials",
  "vertexlocation",
  "vertexproject",
  "xapikey",
]);
/** Prefix of the options of another gateway, which may be the provider. */
const FORBIDDEN_START = "litellm";
const NAME_CHARS_MIN = 6;
const NAME_CHARS_MAX = 64;
/** No forbidden name starts with one of these, so most names need no look-up. */
const HARMLESS = new Uint8Array(128);
for (const letter of "fgijkmnoqrstuwyz")
  HARMLESS[letter.charCodeAt(0)] = HARMLESS[letter.toUpperCase().charCodeAt(0)] = 1;
const REMEMBERED_MAX = 4_096;

const verdicts = new Map<string, boolean>();

/** Ignores case, `_` and `-`, because servers accept several spellings of a name. */
export function isForbiddenName(name: string): boolean {
  if (name.length < NAME_CHARS_MIN || name.length > NAME_CHARS_MAX || HARMLESS[name.charCodeAt(0)]) return false;
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const verdict = FORBIDDEN.has(letters) || letters.startsWith(FORBIDDEN_START);
  if (verdicts.size >= REMEMBERED_MAX) verdicts.clear();
  // The name is copied, because a substring keeps the whole body's string in memory.
  verdicts.set(Buffer.from(name).toString(), verdict);
  return verdict;
}
