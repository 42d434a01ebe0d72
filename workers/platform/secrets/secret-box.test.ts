import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { type Config, parseConfig } from "../config/config.ts";
import { openSecret, rewrapSecret, rotateSecrets, type SecretColumn, sealSecret } from "./secret-box.ts";

const randomKey = (id: string) => `${id}:${base64url.encode(crypto.getRandomValues(new Uint8Array(32)))}`;
const [first, second] = [randomKey("first"), randomKey("second")];
const configured = (...keys: string[]): Config => parseConfig({ ...env, MASTER_KEYS: keys.join(", ") });
const [old, both, fresh] = [configured(first), configured(second, first), configured(second)];
const place = (row: string, column = "totp") => ({ table: "secrets", row, column });
const secretOf = (row: string) => `JBSWY3DPEHPK3PXP-${row}`;

/** The table as somebody would have it whose database was copied. */
const dump = async () => JSON.stringify((await env.DB.prepare("SELECT * FROM secrets").all()).results);
const boxOf = async (row: string) =>
  (await env.DB.prepare("SELECT totp FROM secrets WHERE id = ?").bind(row).first<string>("totp")) ?? "";

const column: SecretColumn = {
  table: "secrets",
  column: "totp",
  async list(prefix, after, limit) {
    const { results } = await env.DB.prepare(
      "SELECT id AS row, totp AS box FROM secrets WHERE id > ?3 AND substr(totp, 1, length(?1)) <> ?1 ORDER BY id LIMIT ?2",
    )
      .bind(prefix, limit, after)
      .all<{ row: string; box: string }>();
    return results;
  },
  async replace(row, from, to) {
    await env.DB.prepare("UPDATE secrets SET totp = ? WHERE id = ? AND totp = ?").bind(to, row, from).run();
  },
};

beforeEach(async () => {
  await env.DB.exec("CREATE TABLE IF NOT EXISTS secrets (id TEXT PRIMARY KEY, totp TEXT, recovery TEXT)");
  await env.DB.exec("DELETE FROM secrets");
});

async function store(config: Config, rows: string[]): Promise<void> {
  const insert = env.DB.prepare("INSERT INTO secrets VALUES (?, ?, ?)");
  const statements = rows.map(async (row) =>
    insert.bind(
      row,
      await sealSecret(config, place(row), secretOf(row)),
      await sealSecret(config, place(row, "recovery"), secretOf(row)),
    ),
  );
  await env.DB.batch(await Promise.all(statements));
}

describe("a stored secret", () => {
  it("shows nothing of itself or of a key in a copy of the database, and is never the same twice", async () => {
    await store(old, ["a", "b"]);
    const copied = await dump();
    for (const plain of [secretOf("a"), "JBSWY3DP", first.slice("first:".length)]) {
      expect(copied).not.toContain(plain);
      expect(copied).not.toContain(base64url.encode(plain));
    }
    expect(await sealSecret(old, place("a"), "same")).not.toBe(await sealSecret(old, place("a"), "same"));
    expect(await openSecret(old, place("a"), await boxOf("a"))).toBe(secretOf("a"));
  });

  it("does not open in another row, column or table", async () => {
    await store(old, ["a", "b"]);
    const [a, b] = [await boxOf("a"), await boxOf("b")];
    const swapped = [
      openSecret(old, place("a"), b),
      openSecret(old, place("b"), a),
      openSecret(old, place("a", "recovery"), a),
      openSecret(old, { ...place("a"), table: "secret" }, a),
      openSecret(old, { table: "secrets", row: 'a","totp', column: "" }, a),
      rewrapSecret(both, place("b"), a),
    ];
    for (const outcome of await Promise.allSettled(swapped))
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "SecretBoxError" } });
    // Nor does the secret of one under the key of another.
    const [v, id, key] = a.split(".");
    await expect(openSecret(old, place("a"), `${v}.${id}.${key}.${b.split(".")[3]}`)).rejects.toThrow(/does not open/);
  });

  it("does not open when a single character of it was changed", async () => {
    const box = await sealSecret(old, place("a"), "secret");
    for (let at = 0; at < box.length; at++) {
      // The last character of a part holds bits that mean nothing.
      if (box[at + 1] === "." || at === box.length - 1) continue;
      const changed = box.slice(0, at) + (box[at] === "A" ? "B" : "A") + box.slice(at + 1);
      await expect(openSecret(old, place("a"), changed), changed).rejects.toThrow();
    }
    for (const wrong of ["", "secret", "v1..", "v2.first.a.b", `${box}.x`, box.slice(0, -4)])
      await expect(openSecret(old, place("a"), wrong), wrong).rejects.toMatchObject({ name: "SecretBoxError" });
  });

  it("opens as long as its master key is configured, and says which is missing", async () => {
    const box = await sealSecret(old, place("a"), "secret");
    expect(await openSecret(both, place("a"), box)).toBe("secret");
    await expect(openSecret(fresh, place("a"), box)).rejects.toThrow(/master key “first”/);
    // A key of the same name is not the same key.
    await expect(openSecret(configured(randomKey("first")), place("a"), box)).rejects.toThrow(/does not open/);
  });

  it("gets a new master key while it is read and written: no read fails, none is lost", async () => {
    const rows = Array.from({ length: 250 }, (_, i) => `row${i}`);
    await store(old, rows);
    let rotating = true;
    let reads = 0;
    const readers = Array.from({ length: 4 }, async (_, reader) => {
      for (let i = reader; rotating; i = (i + 7) % rows.length) {
        const row = rows[i] ?? "";
        expect(await openSecret(both, place(row), await boxOf(row))).toContain("JBSWY3DPEHPK3PXP");
        reads++;
      }
    });
    const written = (async () => {
      for (const row of rows.slice(0, 20)) {
        const box = await sealSecret(old, place(row), `${secretOf(row)}-new`);
        await env.DB.prepare("UPDATE secrets SET totp = ? WHERE id = ?").bind(box, row).run();
      }
    })();
    await rotateSecrets(both, column);
    await written;
    await rotateSecrets(both, column);
    rotating = false;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(20);
    for (const [i, row] of rows.entries())
      expect(await openSecret(fresh, place(row), await boxOf(row))).toBe(secretOf(row) + (i < 20 ? "-new" : ""));
    expect(await rotateSecrets(fresh, column)).toEqual({ rewrapped: 0, failures: [] });
  });

  it("that is damaged stays as it is, and keeps no other from its new master key", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => `row${i}`);
    await store(old, rows);
    await env.DB.prepare(
      "UPDATE secrets SET totp = (SELECT totp FROM secrets WHERE id = 'row2') WHERE id = 'row1'",
    ).run();
    const damaged = await boxOf("row1");
    const rotation = await rotateSecrets(both, column);
    expect(rotation).toMatchObject({ rewrapped: 119, failures: [{ row: "row1", error: { name: "SecretBoxError" } }] });
    expect(await boxOf("row1")).toBe(damaged);
    expect(await openSecret(fresh, place("row2"), await boxOf("row2"))).toBe(secretOf("row2"));
  });
});

describe("the master keys", () => {
  it("are refused where they are missing, short, guessable, twice there, or none", () => {
    const zeros = base64url.encode(new Uint8Array(32));
    const text = base64url.encode(new TextEncoder().encode("a password that is 32 bytes long"));
    for (const [keys, why] of [
      [undefined, /MASTER_KEYS is not set/],
      ["", /is not set/],
      ["k1", /no key/],
      [base64url.encode(crypto.getRandomValues(new Uint8Array(32))), /no key/],
      [`k1:${base64url.encode(crypto.getRandomValues(new Uint8Array(16)))}`, /16 bytes/],
      [`k1:${zeros}`, /too easy/],
      [`k1:${text}`, /too easy/],
      [`${first},${first}`, /twice/],
      [`${first};${second}`, /no key/],
    ] as const)
      expect(() => parseConfig({ ...env, MASTER_KEYS: keys }), String(keys)).toThrow(why);
    expect(both.MASTER_KEYS.map(({ id }) => id)).toEqual(["second", "first"]);
  });
});
