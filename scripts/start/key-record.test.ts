import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { makeMasterKey, recordKeys } from "./key-record.ts";

const key = (name: string) => `${name}:${randomBytes(32).toString("base64")}`;
const AUTH_SECRET = randomBytes(48).toString("base64");
const [k1, k2, k3] = [key("k1"), key("k2"), key("k3")];
const record = (before: Parameters<typeof recordKeys>[0], MASTER_KEYS: string) =>
  recordKeys(before, { AUTH_SECRET, MASTER_KEYS }, "/state");

test("lets the master key be changed as docs/security.md says: a new one in front, then the old one out", () => {
  const made = record(null, k1);
  const both = record(made, `${k2},${k1}`);
  const changed = record(both, k2);
  assert.equal(changed.sealing, "k2");
  assert.deepEqual(Object.keys(changed.master_keys).sort(), ["k1", "k2"]);
  assert.deepEqual(record(made, k1), made);
});

test("refuses a key of the same name that is another one, also in the place of one that was taken out", () => {
  const made = record(null, k1);
  assert.throws(() => record(made, key("k1")), /The key “k1” in MASTER_KEYS is another one.*Put \.dev\.vars back/);
  const changed = record(record(made, `${k2},${k1}`), k2);
  assert.throws(() => record(changed, `${k2},${key("k1")}`), /“k1”/);
});

test("refuses to go on without the key that closes secrets: others, or older ones", () => {
  assert.throws(() => record(record(null, k1), k3), /lacks the key “k1”/);
  const both = record(record(null, k1), `${k2},${k1}`);
  assert.throws(() => record(both, k1), /lacks the key “k2”/);
});

test("takes a new AUTH_SECRET, which only ends sessions, and tells that it is new", () => {
  const made = record(null, k1);
  const other = recordKeys(made, { AUTH_SECRET: randomBytes(48).toString("base64"), MASTER_KEYS: k1 }, "/state");
  assert.notEqual(other.auth_secret, made.auth_secret);
});

test("holds neither a key nor anything that two states would share", () => {
  const text = JSON.stringify(record(null, k1));
  for (const secret of [AUTH_SECRET, k1.slice(3)]) assert.ok(!text.includes(secret));
  assert.notEqual(record(null, k1).master_keys.k1, record(null, k1).master_keys.k1);
});

test("names each new key differently", () => {
  const names = Array.from({ length: 50 }, () => makeMasterKey().split(":")[0]);
  assert.equal(new Set(names).size, 50);
  assert.match(record(null, makeMasterKey()).sealing, /^k\d{8}-[0-9a-f]{6}$/);
});
