import { call, jsonOf } from "../../testing/client.ts";
import type { Assertion, NewCredential, Passkey } from "../passkey-contract.ts";

const encoder = new TextEncoder();
const bytesOf = (base64url: string) => new Uint8Array(Buffer.from(base64url, "base64url"));
const textOf = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(bytes as Uint8Array).toString("base64url");
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** RFC 8949, as far as an authenticator needs it. */
function cbor(value: Cbor): Uint8Array<ArrayBuffer> {
  const head = (major: number, count: number) => {
    if (count < 24) return [(major << 5) | count];
    return count < 256 ? [(major << 5) | 24, count] : [(major << 5) | 25, count >> 8, count & 255];
  };
  if (typeof value === "number") return new Uint8Array(value < 0 ? head(1, -1 - value) : head(0, value));
  if (typeof value === "string") return joined(new Uint8Array(head(3, value.length)), encoder.encode(value));
  if (value instanceof Uint8Array) return joined(new Uint8Array(head(2, value.length)), value);
  const entries = [...value].flatMap(([key, each]) => [cbor(key), cbor(each)]);
  return joined(new Uint8Array(head(5, value.size)), ...entries);
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** Two numbers as ASN.1 has them, out of the halves that WebCrypto gives. */
function der(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const number = (half: Uint8Array) => {
    const digits = [...half.slice(half.findIndex((byte) => byte !== 0))];
    if ((digits[0] ?? 0) > 127) digits.unshift(0);
    return [2, digits.length, ...digits];
  };
  const both = [...number(raw.slice(0, 32)), ...number(raw.slice(32))];
  return new Uint8Array([48, both.length, ...both]);
}

const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

/** The kinds of keys that authenticators make: how each is made, written as COSE, and how it signs. */
const kinds = {
  ES256: {
    parameters: ecdsa,
    cose: ({ x = "", y = "" }: JsonWebKey) =>
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytesOf(x)],
        [-3, bytesOf(y)],
      ]),
    sign: async (key: CryptoKey, data: Uint8Array<ArrayBuffer>) =>
      der(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, data))),
  },
  EdDSA: {
    parameters: { name: "Ed25519" },
    cose: ({ x = "" }: JsonWebKey) =>
      new Map<number, Cbor>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, bytesOf(x)],
      ]),
    sign: async (key: CryptoKey, data: Uint8Array<ArrayBuffer>) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", key, data)),
  },
  RS256: {
    parameters: rsa,
    cose: ({ n = "", e = "" }: JsonWebKey) =>
      new Map<number, Cbor>([
        [1, 3],
        [3, -257],
        [-1, bytesOf(n)],
        [-2, bytesOf(e)],
      ]),
    sign: async (key: CryptoKey, data: Uint8Array<ArrayBuffer>) =>
      new Uint8Array(await crypto.subtle.sign(rsa.name, key, data)),
  },
};

/** What an authenticator, or whoever plays one, does otherwise than it should. */
export interface Tricks {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  /** Bits: 1 present, 4 verified, 8 may be copied, 16 is copied. */
  flags?: number;
  counter?: number;
  credentialId?: Uint8Array;
  userHandle?: string;
  /** The number by which COSE calls the kind of key. */
  alg?: number;
  /** The form of the proof of who made the authenticator, and whether it is there. */
  format?: string;
  withoutStatement?: boolean;
  /** Whether the new key signs for itself, as some do unasked. */
  selfSigned?: boolean;
  /** Changes what is signed after it was signed. */
  afterwards?: (said: { clientDataJSON: string; authenticatorData: string; signature: string }) => void;
}

/** What browsers put in, and nobody reads here. */
const ofBrowser = { authenticatorAttachment: "platform", clientExtensionResults: {} };

const present = 1;
const verified = 4;
const hasKey = 64;

/** An authenticator in software that has one passkey, made with its first `create`. */
export async function newAuthenticator(kind: keyof typeof kinds = "ES256") {
  const { parameters, cose, sign } = kinds[kind];
  const pair = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
  const ownId = crypto.getRandomValues(new Uint8Array(32));
  let counter = 0;
  let owner = "";

  const clientData = (type: string, challenge: string, tricks: Tricks) =>
    encoder.encode(
      JSON.stringify({
        type: tricks.type ?? type,
        challenge: tricks.challenge ?? challenge,
        origin: tricks.origin ?? "http://localhost:8787",
        crossOrigin: tricks.crossOrigin ?? false,
      }),
    );
  const header = async (rpId: string, flags: number, tricks: Tricks) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(tricks.counter ?? ++counter);
    const hash = await sha256(encoder.encode(tricks.rpId ?? rpId));
    return joined(hash, new Uint8Array([flags]), count);
  };

  return {
    id: textOf(ownId),
    async create(
      { challenge, rp, user }: { challenge: string; rp: { id: string }; user: { id: string } },
      tricks: Tricks = {},
    ): Promise<NewCredential> {
      owner = user.id;
      const id = tricks.credentialId ?? ownId;
      const key = cose((await crypto.subtle.exportKey("jwk", pair.publicKey)) as JsonWebKey);
      if (tricks.alg !== undefined) key.set(3, tricks.alg);
      const length = new Uint8Array([id.length >> 8, id.length & 255]);
      const authData = joined(
        await header(rp.id, (tricks.flags ?? present | verified) | hasKey, tricks),
        new Uint8Array(16),
        length,
        id,
        cbor(key),
      );
      const attestation = new Map<string, Cbor>([["fmt", tricks.format ?? "none"]]);
      const said = clientData("webauthn.create", challenge, tricks);
      const statement = new Map<string, Cbor>();
      if (tricks.selfSigned) {
        attestation.set("fmt", "packed");
        statement.set("alg", -7).set("sig", await sign(pair.privateKey, joined(authData, await sha256(said))));
      }
      if (!tricks.withoutStatement) attestation.set("attStmt", statement);
      attestation.set("authData", authData);
      return {
        id: textOf(id),
        rawId: textOf(id),
        type: "public-key",
        response: {
          clientDataJSON: textOf(said),
          attestationObject: textOf(cbor(attestation)),
          transports: ["internal"],
          publicKeyAlgorithm: -7,
        },
        ...ofBrowser,
      };
    },
    async get({ challenge, rpId }: { challenge: string; rpId: string }, tricks: Tricks = {}): Promise<Assertion> {
      const authenticatorData = await header(rpId, tricks.flags ?? present | verified, tricks);
      const said = clientData("webauthn.get", challenge, tricks);
      const signature = await sign(pair.privateKey, joined(authenticatorData, await sha256(said)));
      const parts = {
        clientDataJSON: textOf(said),
        authenticatorData: textOf(authenticatorData),
        signature: textOf(signature),
      };
      tricks.afterwards?.(parts);
      const id = textOf(tricks.credentialId ?? ownId);
      const response = { ...parts, userHandle: tricks.userHandle ?? owner };
      return { id, rawId: id, type: "public-key", response, ...ofBrowser };
    },
  };
}
export type Authenticator = Awaited<ReturnType<typeof newAuthenticator>>;

type Creation = Parameters<Authenticator["create"]>[0] & { excludeCredentials: { id: string }[] };

export const creationFor = async (token: string, json: object = {}) =>
  jsonOf<Creation>(await call("POST", "/api/v1/auth/passkeys/options", { token, json }), 200);
export const sendNew = (token: string, credential: NewCredential, name?: string) =>
  call("POST", "/api/v1/auth/passkeys", { token, json: { name, credential } });

/** A passkey of the person behind `token`, and the authenticator that has it. */
export async function addPasskeyTo(token: string, name?: string, authenticator?: Authenticator) {
  const device = authenticator ?? (await newAuthenticator());
  const credential = await device.create(await creationFor(token));
  return { device, passkey: await jsonOf<Passkey>(await sendNew(token, credential, name), 201) };
}

const own = { Origin: "http://localhost:8787" };

/** A browser that nobody is signed in with. */
export function newVisitor() {
  let cookie = "";
  const headers = () => ({ ...own, ...(cookie ? { Cookie: cookie } : {}) });
  return {
    async options() {
      const answer = await call("POST", "/api/v1/auth/passkeys/sign-in/options", { headers: headers() });
      cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      return jsonOf<{ challenge: string; rpId: string }>(answer, 200);
    },
    send: (json: object) => call("POST", "/api/v1/auth/passkeys/sign-in", { json, headers: headers() }),
    /** A whole sign-in. */
    async signIn(device: Authenticator, tricks: Tricks = {}) {
      return this.send(await device.get(await this.options(), tricks));
    },
  };
}
