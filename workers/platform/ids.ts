import { monotonicFactory } from "ulid";

const prefixes = {
  user: "user",
  session: "sess",
  account: "acct",
  passkey: "pk",
  consent: "cns",
  workspace: "ws",
  erasure: "ers",
  invitation: "inv",
  sso: "sso",
  domain: "dom",
  share: "shr",
  clone: "clone",
  document: "doc",
  run: "run",
  webImport: "imp",
  question: "qst",
  evaluation: "eval",
  conversation: "conv",
  message: "msg",
  turn: "turn",
  visitor: "vis",
  key: "key",
  mail: "mail",
  attempt: "try",
  audit: "aud",
  request: "req",
  completion: "chatcmpl",
  price: "price",
  consultation: "ses",
  payout: "po",
  usage: "use",
  checkout: "buy",
  call: "call",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

const pool = new Uint8Array(1_024);
let used = pool.length;

/** A random number from 0 to less than 1. Drawn a thousand at a time: the call costs as much for one byte, and an id takes sixteen. */
function random(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return (pool[used++] ?? 0) / 256;
}

const nextUlid = monotonicFactory(random);

/** A new typed id, `<prefix>_<ULID>`: sortable by time, readable in logs. */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return `${prefixes[kind]}_${nextUlid()}`;
}

const ulidOrUuid = "(?:[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";

/** Matches ids of one kind, made here (ULID) or by a client (ULID or UUID). */
export function idPattern(kind: IdKind): RegExp {
  return new RegExp(`^${prefixes[kind]}_${ulidOrUuid}$`);
}
