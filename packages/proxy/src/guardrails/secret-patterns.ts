export const SECRET_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.:@";
export const SECRET_RUN_CHARS = 14;

/**
 * Secrets with a shape of their own, so that a match is hardly ever anything else. Each begins with fixed characters and
 * repeats single classes within bounds, so scanning is linear although the engine is the platform's. Each contains a run
 * of at least `SECRET_RUN_CHARS` characters of `SECRET_CHARS`.
 */
export const SECRET_PATTERNS: readonly RegExp[] = [
  // Ours.
  /tg_(?:live|test|adm)_[0-9A-Za-z]{48}/,
  // Model providers.
  /sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,250}/,
  /sk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{20,250}/,
  /sk-or-v1-[0-9a-f]{64}/,
  /sk-[A-Za-z0-9]{32,64}/,
  /AIza[0-9A-Za-z_-]{35}/,
  /gsk_[A-Za-z0-9]{40,64}/,
  /xai-[A-Za-z0-9]{60,100}/,
  /pplx-[A-Za-z0-9]{40,64}/,
  /hf_[A-Za-z]{30,40}/,
  /r8_[A-Za-z0-9]{37,40}/,
  // Clouds.
  /(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}/,
  /(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY)["'\s:=]{1,8}[A-Za-z0-9/+]{40}/,
  /ya29\.[0-9A-Za-z_-]{20,400}/,
  /GOCSPX-[A-Za-z0-9_-]{28}/,
  /AccountKey=[A-Za-z0-9+/]{86}==/,
  /do[opr]_v1_[a-f0-9]{64}/,
  // Code and packages.
  /gh[oprsu]_[A-Za-z0-9]{36,255}/,
  /github_pat_[A-Za-z0-9_]{22,255}/,
  /gl(?:pat|dt|rt|ptt|soat)-[A-Za-z0-9_-]{20,64}/,
  /npm_[A-Za-z0-9]{36}/,
  /pypi-AgEI[A-Za-z0-9_-]{50,250}/,
  // Chat, mail, money.
  /xox[abeoprs]-[A-Za-z0-9-]{10,250}/,
  /xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[a-f0-9]{32,128}/,
  /hooks\.slack\.com\/services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/[A-Za-z0-9]{16,32}/,
  /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/,
  /[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}/,
  /whsec_[A-Za-z0-9+/]{32,64}/,
  /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/,
  // Key material, tokens, connection strings.
  /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\r\n]|\\[nr]){0,12000}(?:-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/,
  /AGE-SECRET-KEY-1[0-9A-Z]{58}/,
  /eyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,2000}/,
  /(?:postgres|postgresql|mysql|mongodb|mongodb\+srv|rediss?|amqps?):\/\/[^\s:/@"']{0,64}:[^\s:/@"'<>${}*]{3,128}@/,
];
