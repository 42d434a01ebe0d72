import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const source = "demo";

interface Owner {
  email: string;
  password: string;
  /** Of the demo's files when they were last uploaded. */
  fingerprint?: string;
}

interface Seeded extends Owner {
  greeting: string;
}

class Api {
  #address: string;
  #token = "";
  constructor(address: string) {
    this.#address = address;
  }

  async call<T>(method: string, path: string, body?: object | FormData): Promise<{ status: number; body: T }> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.#address}/api/v1${path}`, {
      method,
      headers: {
        ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
        ...(body && !isForm ? { "Content-Type": "application/json" } : {}),
      },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as T };
  }

  /** The body of a call that must succeed. */
  async must<T>(method: string, path: string, body?: object | FormData): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Whoever starts an installation agrees to their own terms. */
  async register({ email, password }: Owner) {
    const { version } = await this.must<{ version: string | null }>("GET", "/policy");
    const agreed = version === null ? {} : { accept_policy: version };
    const json = { email, password, name: "Demo Owner", ...agreed };
    return this.call<{ access_token: string }>("POST", "/auth/register", json);
  }

  async signIn(owner: Owner): Promise<boolean> {
    const { email, password } = owner;
    const login = await this.call<{ access_token: string }>("POST", "/auth/login", { email, password });
    const answer = login.status === 401 ? await this.register(owner) : login;
    if (answer.status >= 300) return false;
    this.#token = answer.body.access_token;
    return true;
  }
}

interface Clone {
  id: string;
  slug: string;
}
interface Document {
  id: string;
  filename: string;
  status: string;
  error: { message: string } | null;
}

const files = () => readdirSync(join(source, "documents")).sort();

function fingerprint(): string {
  const hash = createHash("sha256").update(readFileSync(join(source, "clone.json")));
  for (const file of files()) hash.update(file).update(readFileSync(join(source, "documents", file)));
  return hash.digest("hex");
}

/** The demo clone as demo/clone.json says, changed where it differs, created where it is missing. */
async function ensureClone(api: Api): Promise<Clone> {
  const wanted = JSON.parse(readFileSync(join(source, "clone.json"), "utf8")) as { slug: string };
  const { data } = await api.must<{ data: Clone[] }>("GET", "/clones?limit=100");
  const existing = data.find(({ slug }) => slug === wanted.slug);
  return existing ? api.must("PATCH", `/clones/${existing.id}`, wanted) : api.must("POST", "/clones", wanted);
}

async function replaceDocuments(api: Api, cloneId: string): Promise<void> {
  const { data } = await api.must<{ data: Document[] }>("GET", `/documents?clone_id=${cloneId}&limit=100`);
  for (const document of data) await api.must("DELETE", `/documents/${document.id}`);
  const form = new FormData();
  form.set("clone_id", cloneId);
  for (const file of files()) form.append("file", new Blob([readFileSync(join(source, "documents", file))]), file);
  const uploaded = await api.must<{ data: { id: string }[] }>("POST", "/documents/upload", form);
  const deadline = Date.now() + 60_000;
  for (const { id } of uploaded.data) {
    let document = await api.must<Document>("GET", `/documents/${id}`);
    while (document.status !== "indexed" && document.status !== "failed" && Date.now() < deadline) {
      await delay(250);
      document = await api.must<Document>("GET", `/documents/${id}`);
    }
    if (document.status !== "indexed") {
      console.error(`The demo document ${document.filename} is ${document.status}. ${document.error?.message ?? ""}`);
    }
  }
}

/**
 * Puts the sample owner and the demo clone there, through the same API that everybody uses. What was seeded once is left
 * alone until the demo's own files change, so that an owner may change or delete it.
 */
export async function seedDemo(address: string, stateDir: string): Promise<Seeded> {
  const ownerFile = join(stateDir, "demo-owner.json");
  const owner: Owner = existsSync(ownerFile)
    ? (JSON.parse(readFileSync(ownerFile, "utf8")) as Owner)
    : { email: "owner@understudy.example", password: randomBytes(12).toString("base64url") };
  const greeting = "Talk to the demo clone there at once; it knows this project.";
  const current = fingerprint();
  if (owner.fingerprint === current) return { ...owner, greeting };
  const api = new Api(address);
  if (!(await api.signIn(owner))) {
    const password = `(set at the first start; ${ownerFile} is gone or was changed)`;
    return { ...owner, password, greeting: "The demo could not be brought up to date." };
  }
  writeFileSync(ownerFile, JSON.stringify(owner), { mode: 0o600 });
  const clone = await ensureClone(api);
  await replaceDocuments(api, clone.id);
  writeFileSync(ownerFile, JSON.stringify({ ...owner, fingerprint: current }), { mode: 0o600 });
  return { ...owner, greeting };
}
