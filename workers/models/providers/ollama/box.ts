import { isProblem, Problem } from "../../../platform/errors.ts";
import { type ProviderError, problemOfNetwork, providerErrorIn } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { boundedJson, providerFetch } from "../provider-fetch.ts";

/** All of a box's API that is ever called, whoever asks. What is not here cannot be reached: a box has much more that would be anybody's. */
const methods = {
  chat: "POST",
  generate: "POST",
  embed: "POST",
  tags: "GET",
  ps: "GET",
  show: "POST",
  version: "GET",
  // For whoever runs the installation alone: `workers/model-access/box/` asks for them, and nothing else.
  pull: "POST",
  delete: "DELETE",
} as const;

export type BoxPath = keyof typeof methods;

/** How long a box that is there may take to say what it has, in ms. */
export const answerWithinMs = 5_000;

/** The binding of Workers VPC to a box, in the place of an address. */
export const vpcBinding = "OLLAMA_VPC";
/** What Ollama is called by there: it refuses hosts that it does not know, and the binding looks at none. */
const hostBehindVpc = "http://localhost:11434";

/** The box in the private network, where the Worker is bound to one. */
export const vpcOf = (env: Env): Fetcher | undefined => (env as Env & { [vpcBinding]?: Fetcher })[vpcBinding];

interface BoxCall {
  path: BoxPath;
  body?: object;
  signal?: AbortSignal | undefined;
}

/**
 * Calls a box: the one way to it, with the service token of its tunnel on every call. A redirection is a refusal: it leads to somebody's page of sign-in, and
 * would take the token along. Throws problems that say what is wrong with the box; an abort by the caller is passed on as it is.
 */
export async function boxFetch(connection: Connection, env: Env, { path, body, signal }: BoxCall): Promise<Response> {
  if (!Object.hasOwn(methods, path)) throw new Error(`“${path}” is no call that a box gets.`);
  const vpc = connection.address === vpcBinding ? vpcOf(env) : undefined;
  const init: RequestInit = {
    method: methods[path],
    redirect: "manual",
    headers: { ...connection.headers, ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  };
  const address = vpc ? hostBehindVpc : connection.address;
  try {
    const send = vpc && ((url: RequestInfo | URL, sent?: RequestInit) => vpc.fetch(url, sent));
    return await providerFetch({ connection, env, send }, `${address}/api/${path}`, init);
  } catch (error) {
    if (signal?.aborted || !isProblem(error)) throw error;
    throw ofBox(connection, error, body && "model" in body ? String(body.model) : undefined);
  }
}

/** A box's answer in one piece of JSON. Throws as `boxFetch`, and where it does not come in time. */
export async function boxJson(connection: Connection, env: Env, call: BoxCall, withinMs?: number): Promise<unknown> {
  const timeout = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
  const signals = [call.signal, timeout].filter((each) => each !== undefined);
  const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  try {
    return await boundedJson(await boxFetch(connection, env, { ...call, signal }), signal).json();
  } catch (cause) {
    if (isProblem(cause) || call.signal?.aborted) throw cause;
    if (timeout?.aborted) throw new Problem("model_unavailable", said.away, { cause: problemOfNetwork(cause) });
    throw cause;
  }
}

const said = {
  away: "The box does not answer. Whoever runs it has to see whether it is on, and Ollama and the tunnel run there.",
  access:
    "Cloudflare Access does not let this server reach the box. Whoever runs it has to check CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, and that the application's policy is “Service Auth”.",
  host: "Ollama refused the name by which the tunnel calls it. Whoever runs the box has to let cloudflared call it by httpHostHeader: localhost:11434.",
  tunnel:
    "The tunnel to the box is down, or Ollama does not run behind it. Whoever runs the box has to see to cloudflared and Ollama there.",
  stranger: "What answers at OLLAMA_BASE_URL is no Ollama. Whoever runs this server has to check that address.",
  slow: "The tunnel gave up, as the model did not begin within 100 seconds. Load it beforehand, or reach the box by Workers VPC.",
  memory: "The box has not enough memory for this model. Choose a smaller one, or one that is quantised further.",
};

/** What is said otherwise of a box that a workspace brought: its owners and admins entered by what it is reached, and no variable of the server's is about it. */
const saidOfOwn: typeof said = {
  ...said,
  access:
    "Cloudflare Access does not let this server reach the box. Check the Access client ID and secret entered on the page “Models”, and that the application's policy is “Service Auth”.",
  stranger: "What answers at the address entered for the box on the page “Models” is no Ollama. Check that address.",
  slow: "The tunnel gave up, as the model did not begin within 100 seconds. Load it beforehand, or choose a smaller one.",
};

const sentencesOf = ({ payer }: Connection) => (payer === "workspace" ? saidOfOwn : said);

/** What a refusal of a box means, where its status or its words tell more than any provider's; undefined where they do not. */
function sentenceOf(sentences: typeof said, { status, words }: ProviderError, model: string | undefined) {
  const { text, isPage } = words;
  // Ollama itself refuses a host without a word; Access has a page, or sends to one.
  if (status === 403 && text.trim() === "") return sentences.host;
  if ((status >= 300 && status < 400) || status === 401 || status === 403) return sentences.access;
  if (status === 524) return sentences.slow;
  if (status === 530 || (status >= 520 && status < 528) || ((status === 502 || status === 504) && isPage))
    return sentences.tunnel;
  if (/memory/i.test(text) && status >= 500) return sentences.memory;
  if (status === 404 && !/model/i.test(text)) return sentences.stranger;
  if (status === 404 && model !== undefined)
    return `The box does not have the model “${model}”. Whoever runs it can fetch it there: ollama pull ${model}`;
  return undefined;
}

/** A problem of any provider's in the words of a box. */
function ofBox(connection: Connection, problem: Problem, model: string | undefined): Problem {
  const refusal = providerErrorIn(problem);
  const sentence = refusal ? sentenceOf(sentencesOf(connection), refusal, model) : said.away;
  if (sentence === undefined) return problem;
  const { cause, retryAfterSeconds } = problem;
  return new Problem(problem.code, sentence, {
    cause,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
