/**
 * Says whether a box answers as Understudy needs it to, and where it does not, what is wrong and how to mend it. Plain JavaScript for the machine's own Node, without packages:
 *
 *   node scripts/gpu-box/check.mjs https://box.example.com --model llama3.2
 *
 * The address may stand in OLLAMA_BASE_URL, the service token in CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { parseArgs } from "node:util";

/** Before it, a prompt that does not fit is cut, whatever is asked for. */
const oldest = [0, 12, 6];
const answerWithinMs = 5_000;
const loadWithinMs = 300_000;
/** A first word that takes longer, of a model that is loaded, is slow. */
const slowMs = 3_000;

const good = (what) => ({ state: "good", what });
const doubtful = (what, fix) => ({ state: "doubtful", what, fix });
const wrong = (what, fix) => ({ state: "wrong", what, fix });

const isPrivate = ({ hostname }) =>
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)/.test(hostname) || !hostname.includes(".");

async function call(box, path, { body, ms = answerWithinMs, token = box.token } = {}) {
  return fetch(`${box.address}/api/${path}`, {
    method: body ? "POST" : "GET",
    redirect: "manual",
    headers: { ...token, ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(ms),
  });
}

async function checkName({ url }) {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host)) return good(`${host} needs no name to be looked up.`);
  try {
    const { address } = await lookup(host);
    return good(`${host} is ${address}.`);
  } catch (error) {
    return wrong(
      `No name server knows ${host} (${error.code}).`,
      `Give the tunnel that name: cloudflared tunnel route dns understudy-box ${host}. A new name may take some minutes to be known.`,
    );
  }
}

/** What it means that no answer came at all. */
function unreached(error, { url }) {
  const code = error.cause?.code ?? error.name;
  if (isPrivate(url))
    return wrong(
      `Nothing answers at ${url.host} (${code}).`,
      "Start Ollama there: sudo systemctl start ollama, or docker compose up -d in scripts/gpu-box. On another machine it has to listen to more than itself: OLLAMA_HOST.",
    );
  if (/CERT|TLS|SSL/.test(code))
    return wrong(
      `${url.host} has no certificate that holds (${code}).`,
      "Cloudflare makes one for names one level below your domain: box.example.com, not gpu.box.example.com.",
    );
  return wrong(
    `${url.host} does not answer (${code}).`,
    "See whether this machine reaches the internet, and whether that name is behind Cloudflare.",
  );
}

/** What an answer other than 200 means. */
function refused(response, text, { token, url }) {
  const { status } = response;
  const to = response.headers.get("location") ?? "";
  if (status === 403 && text.trim() === "")
    return wrong(
      "Ollama refuses the name by which the tunnel calls it (403 without a word).",
      "Have cloudflared call it localhost: originRequest.httpHostHeader: localhost:11434 in its config, or HTTP Host Header in the dashboard. Then restart cloudflared.",
    );
  if ((status >= 300 && status < 400) || status === 401 || status === 403) {
    const where = to ? ` and sends to ${to.slice(0, 80)}` : "";
    return Object.keys(token).length === 0
      ? wrong(
          `Cloudflare Access asks who is there (${status}${where}).`,
          "Give the service token: CF_ACCESS_CLIENT_ID=… CF_ACCESS_CLIENT_SECRET=… in front of this command.",
        )
      : wrong(
          `Cloudflare Access refuses the service token (${status}${where}).`,
          "In Zero Trust, Access, Applications: the application of this name needs a policy with the action Service Auth that includes this token. See also whether the token has run out, and that the secret is whole.",
        );
  }
  if (status === 530 || /\b1033\b/.test(text))
    return wrong(
      `The tunnel of ${url.host} is down (${status}).`,
      "On the box: sudo systemctl status cloudflared, or docker compose logs cloudflared. The name has to lead to the tunnel that runs there.",
    );
  if (status === 502 || status === 504 || (status >= 520 && status < 530))
    return wrong(
      `The tunnel is up, and Ollama does not run behind it (${status}).`,
      "On the box: sudo systemctl status ollama, or docker compose ps. cloudflared calls the address that its config names as service.",
    );
  return wrong(
    `What answers at ${url.host} is no Ollama (${status}).`,
    "The address ends before /api and /v1: https://box.example.com.",
  );
}

async function checkReached(box) {
  let response;
  try {
    response = await call(box, "version");
  } catch (error) {
    return unreached(error, box);
  }
  const text = await response.text();
  if (response.status !== 200) return refused(response, text, box);
  try {
    box.version = JSON.parse(text).version;
  } catch {
    // It is told below.
  }
  return typeof box.version === "string"
    ? good(`Ollama ${box.version} answers.`)
    : wrong(
        `What answers at ${box.url.host} is no Ollama.`,
        "The address ends before /api and /v1: https://box.example.com.",
      );
}

/** Whether strangers are kept out of a box that has a public name. */
async function checkClosed(box) {
  if (isPrivate(box.url)) return good("It is in a private network.");
  const { status } = await call(box, "version", { token: {} });
  if (status !== 200) return good("Nobody gets in without the service token.");
  return wrong(
    "Anybody who knows the name can use this box: it answers without a service token.",
    "In Zero Trust, Access, Applications: add a self-hosted application for this name, with a policy of the action Service Auth. Or reach the box by Workers VPC, without a public name.",
  );
}

function checkVersion({ version }) {
  const parts = version.split(/[.-]/).map(Number);
  const first = oldest.findIndex((each, at) => parts[at] !== each);
  if (first < 0 || parts[first] > oldest[first] || Number.isNaN(parts[first])) return good(`${version} is new enough.`);
  return wrong(
    `Ollama ${version} is older than ${oldest.join(".")}: it cuts prompts that do not fit without a word.`,
    "Install it anew: curl -fsSL https://ollama.com/install.sh | sh, or docker compose pull && docker compose up -d.",
  );
}

const tagged = (name) => (name.includes(":") ? name : `${name}:latest`);

async function checkModels(box) {
  const { models = [] } = await (await call(box, "tags")).json();
  const own = models.filter(({ name, remote_host }) => !remote_host && !/[:-]cloud$/.test(name));
  const wanted = box.model
    ? own.find(({ name }) => name === tagged(box.model))
    : (own.find(({ name }) => !/embed|minilm|bge-/.test(name)) ?? own[0]);
  if (wanted) {
    box.model = wanted.name;
    return good(`It has ${own.length} models of its own, and ${wanted.name} among them.`);
  }
  const name = box.model ?? "llama3.2";
  return wrong(
    own.length === 0
      ? "It has no model of its own."
      : `It does not have ${name}. It has ${own.map((each) => each.name).join(", ")}.`,
    `Fetch it on the box: ollama pull ${name}, or docker compose exec ollama ollama pull ${name}.`,
  );
}

async function checkLoaded(box) {
  const body = { model: box.model, messages: [], stream: false, options: { num_ctx: 4096 } };
  const response = await call(box, "chat", { body, ms: loadWithinMs });
  if (!response.ok) {
    const { error = `${response.status}` } = await response.json().catch(() => ({}));
    const isLarge = /memory/.test(error);
    return wrong(
      `${box.model} cannot be loaded: ${error}`,
      isLarge
        ? "Choose a smaller model, or one that is quantised further, such as its q4_K_M."
        : "What Ollama did: journalctl -u ollama -n 50, or docker compose logs ollama.",
    );
  }
  const { models = [] } = await (await call(box, "ps")).json();
  const loaded = models.find(({ name }) => name === box.model);
  if (!loaded)
    return doubtful(
      `${box.model} was unloaded at once.`,
      "OLLAMA_KEEP_ALIVE is 0 on the box. Set it to 30m: a model that stays loaded answers at once.",
    );
  const share = Math.round((100 * (loaded.size_vram ?? 0)) / loaded.size);
  if (share >= 99) return good(`${box.model} is on the GPU whole.`);
  const what =
    share === 0
      ? `${box.model} runs without a GPU.`
      : `Only ${share} % of ${box.model} are on the GPU: the rest makes it slow.`;
  const fix =
    share === 0
      ? "See whether the driver works: nvidia-smi. Docker needs the NVIDIA Container Toolkit, and compose.yaml the reservation of the GPU. Then restart Ollama."
      : "Choose a smaller model, one that is quantised further, or let fewer stay loaded: OLLAMA_MAX_LOADED_MODELS=1.";
  return doubtful(what, fix);
}

async function checkFirstWord(box) {
  const body = {
    model: box.model,
    messages: [{ role: "user", content: "Say yes." }],
    options: { num_ctx: 4096, num_predict: 16 },
  };
  const began = performance.now();
  const response = await call(box, "chat", { body, ms: loadWithinMs });
  if (!response.ok)
    return wrong(
      `${box.model} does not answer: ${(await response.text()).slice(0, 200)}`,
      "An embedding model cannot. Name another: --model llama3.2.",
    );
  const reader = response.body.getReader();
  await reader.read();
  const ms = Math.round(performance.now() - began);
  await reader.cancel();
  if (ms <= slowMs) return good(`Its first word came after ${ms} ms.`);
  return doubtful(
    `Its first word took ${ms} ms, though the model was loaded.`,
    "Somebody else may be asking: one GPU does one thing at a time. Else the model is too large for it, or the tunnel is far away: cloudflared tunnel info.",
  );
}

/** Whether a prompt that does not fit is refused, and not cut. */
async function checkWhole(box) {
  const content = "lamp ".repeat(6_000);
  const body = {
    model: box.model,
    messages: [{ role: "user", content }],
    truncate: false,
    shift: false,
    stream: false,
    options: { num_ctx: 4096, num_predict: 1 },
  };
  const response = await call(box, "chat", { body, ms: loadWithinMs });
  await response.body?.cancel();
  if (response.status === 400) return good("A prompt that does not fit is refused.");
  return doubtful(
    "A prompt that does not fit is cut, and not refused.",
    "Understudy notices that when the answer is written, and says so. A newer Ollama refuses it at once.",
  );
}

const steps = [
  checkName,
  checkReached,
  checkClosed,
  checkVersion,
  checkModels,
  checkLoaded,
  checkFirstWord,
  checkWhole,
];

/** Checks a box step by step, up to the first thing that nothing behind it could work without. */
export async function checkBox({ address, model, id, secret }, say = () => {}) {
  const base = address.replace(/\/+$/, "").replace(/\/(?:v1|api)$/, "");
  const token = id && secret ? { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret } : {};
  const box = { address: base, url: new URL(base), model, token };
  const results = [];
  for (const step of steps) {
    const result = await Promise.resolve(box)
      .then(step)
      .catch((error) => unreached(error, box));
    results.push(result);
    say(result);
    if (result.state === "wrong" && step !== checkClosed && step !== checkVersion) break;
  }
  return results;
}

const marks = { good: "✓", doubtful: "!", wrong: "✗" };

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { model: { type: "string" } } });
  const { OLLAMA_BASE_URL, CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret } = process.env;
  const address = positionals[0] ?? OLLAMA_BASE_URL ?? "http://127.0.0.1:11434";
  if (!URL.canParse(address)) {
    console.error(`“${address}” is no address. Give one such as https://box.example.com.`);
    process.exit(2);
  }
  const results = await checkBox({ address, model: values.model, id, secret }, ({ state, what, fix }) => {
    console.log(`${marks[state]} ${what}${fix ? `\n    ${fix}` : ""}`);
  });
  process.exit(results.some(({ state }) => state === "wrong") ? 1 : 0);
}
