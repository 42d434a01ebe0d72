/** Where Ollama answers on the machine that it is installed on. */
const usualAddress = "http://127.0.0.1:11434";
const withinMs = 500;

/** The address of an Ollama on this machine that nobody set up; undefined where there is none. It is asked for its version, and nothing is sent. */
export async function findOllama(
  variables: Record<string, string>,
  address = usualAddress,
): Promise<string | undefined> {
  const { OLLAMA_BASE_URL, OPENAI_BASE_URL, LLM_PROVIDER } = variables;
  // Whoever has chosen what answers is offered nothing.
  if (OLLAMA_BASE_URL || OPENAI_BASE_URL || LLM_PROVIDER) return undefined;
  try {
    const answer = await fetch(`${address}/api/version`, { signal: AbortSignal.timeout(withinMs), redirect: "error" });
    const said = (await answer.json()) as { version?: unknown } | null;
    return answer.ok && typeof said?.version === "string" ? address : undefined;
  } catch {
    // Nobody is there, or somebody else.
    return undefined;
  }
}

/** How an Ollama that was found is offered. */
export const offerOf = (address: string) => `
  Ollama was found at ${address}, and nothing is sent there. To have it answer:
                 OLLAMA_BASE_URL=${address} LLM_PROVIDER=ollama npm start
`;
