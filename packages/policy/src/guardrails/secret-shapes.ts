/** A run of characters of a set: at least `min`. The secret has at most `max` of them. */
export interface Run {
  /** ASCII characters. */
  set: string;
  /** Whether all characters outside ASCII belong to the set too. */
  beyondAscii: boolean;
  min: number;
  max: number;
}

/** A secret with a known format: fixed text, followed by runs and fixed texts. */
export type Shape = readonly [string, ...(string | Run)[]];

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const HEX = `${DIGITS}abcdef`;
const WORD = `${UPPER}${LOWER}${DIGITS}`;
const URL64 = `${WORD}_-`;
const BASE64 = `${WORD}+/`;
const SPACE = " \t\r\n";
const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join("");

const run = (set: string, min: number, max = Number.POSITIVE_INFINITY): Run => ({
  set,
  beyondAscii: false,
  min,
  max,
});
const allBut = (chars: string, min: number, max: number): Run => ({
  set: [...PRINTABLE].filter((char) => !chars.includes(char)).join(""),
  beyondAscii: true,
  min,
  max,
});
const exactly = (set: string, count: number): Run => run(set, count, count);
const each = (prefixes: readonly string[], ...rest: (string | Run)[]): Shape[] =>
  prefixes.map((prefix) => [prefix, ...rest]);

/** Base64 of `-----BEGIN … PRIVATE`, as in a kubeconfig, for any kind of key. */
const ENCODED_KEYS = [
  "LS0tLS1CRUdJTiBQUklWQVRF",
  "LS0tLS1CRUdJTiBSU0EgUFJJVkFURS",
  "LS0tLS1CRUdJTiBFQyBQUklWQVRF",
  "LS0tLS1CRUdJTiBEU0EgUFJJVkFURS",
  "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVE",
  "LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURS",
];

/** Formats that rarely match anything else. Private keys have a separate scan. */
export const SECRET_SHAPES: readonly Shape[] = [
  // Tollgate's own.
  ...each(["tg_live_", "tg_test_", "tg_adm_"], exactly(WORD, 48)),
  // Model providers.
  ...each(["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], run(URL64, 20)),
  ["sk-ant-", run(`${LOWER}${DIGITS}`, 2, 12), "-", run(URL64, 20)],
  ["sk-or-v1-", exactly(HEX, 64)],
  ["sk-", run(WORD, 32)],
  ["AIza", exactly(URL64, 35)],
  ...each(["gsk_", "pplx-"], run(WORD, 40)),
  ["xai-", run(WORD, 60)],
  ["hf_", run(`${UPPER}${LOWER}`, 30)],
  ["r8_", run(WORD, 37)],
  // Clouds.
  ...each(["AKIA", "ASIA", "ABIA", "ACCA"], exactly(`${DIGITS}${UPPER}`, 16)),
  ...each(["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"], run(`"'\\${SPACE}:=`, 1, 12), exactly(BASE64, 40)),
  ["ya29.", run(URL64, 20)],
  ["GOCSPX-", exactly(URL64, 28)],
  ["AccountKey=", exactly(BASE64, 86), "=="],
  ...each(["doo_v1_", "dop_v1_", "dor_v1_"], exactly(HEX, 64)),
  // Code and packages.
  ...each(["gho_", "ghp_", "ghr_", "ghs_", "ghu_"], run(WORD, 36)),
  ["github_pat_", run(`${WORD}_`, 22)],
  ...each(["glpat-", "gldt-", "glrt-", "glptt-", "glsoat-"], run(URL64, 20)),
  ["npm_", exactly(WORD, 36)],
  ["pypi-AgEI", run(URL64, 50)],
  // Chat, mail, money.
  ...each(["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"], run(`${WORD}-`, 10)),
  ["xapp-", exactly(DIGITS, 1), "-", run(`${UPPER}${DIGITS}`, 8, 16), "-", run(DIGITS, 8, 16), "-", run(HEX, 32)],
  [
    "hooks.slack.com/services/T",
    run(`${UPPER}${DIGITS}`, 6, 14),
    "/B",
    run(`${UPPER}${DIGITS}`, 6, 14),
    "/",
    run(WORD, 16, 32),
  ],
  ["SG.", exactly(URL64, 22), ".", exactly(URL64, 43)],
  ...each(["rk_live_", "rk_test_", "sk_live_", "sk_test_"], run(WORD, 16)),
  ["whsec_", run(BASE64, 32)],
  ...each(["shpat_", "shpca_", "shppa_", "shpss_"], exactly(`${HEX}ABCDEF`, 32)),
  // Key material, tokens, connection strings.
  ["AGE-SECRET-KEY-1", exactly(`${DIGITS}${UPPER}`, 58)],
  ...each(ENCODED_KEYS, run(`${BASE64}=`, 40)),
  ["eyJ", run(URL64, 10), ".eyJ", run(URL64, 10), ".", run(URL64, 10)],
  ...each(
    [
      "postgres://",
      "postgresql://",
      "mysql://",
      "mongodb://",
      "mongodb+srv://",
      "redis://",
      "rediss://",
      "amqp://",
      "amqps://",
    ],
    allBut(`:/@"'`, 0, 64),
    ":",
    allBut(`:/@"'<>$\{}*`, 3, 128),
    "@",
  ),
];
