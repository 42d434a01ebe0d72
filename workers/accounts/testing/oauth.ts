import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";
import type { GitHubPerson } from "../../../scripts/stand-ins/github-server.ts";
import { api } from "../../api.ts";

/** Cookies as a browser keeps them for one site. */
class Jar {
  #cookies = new Map<string, string>();

  take(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const [name = "", ...value] = pair.split("=");
      const isGone = attributes.some((each) => /max-age=0$|expires=Thu, 01 Jan 1970/i.test(each.trim()));
      if (isGone) this.#cookies.delete(name);
      else this.#cookies.set(name, value.join("="));
    }
    return response;
  }

  get header(): Record<string, string> {
    return { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }
}

export const locationOf = (response: Response) =>
  new URL(response.headers.get("Location") ?? "", "http://localhost:8787");
const pathOf = ({ pathname, search }: URL) => pathname + search;

/** The installation with every provider set up; what is not about them stays with the one that other tests use. */
export const withProviders = { ...env, ...inject("signIn") } as Env;

/** What the API answers there. */
export const open = async (
  path: string,
  headers: Record<string, string> = {},
  where: Env = withProviders,
): Promise<Response> =>
  api.fetch(new Request(`http://localhost:8787${path}`, { headers }), where, createExecutionContext());

/** A browser without a person, which begins, goes to the provider, and comes back. */
export function newBrowser(where: Env = withProviders) {
  const jar = new Jar();
  const get = async (path: string) => jar.take(await open(path, jar.header, where));
  return {
    jar,
    get,
    /** Where the browser is sent to. */
    async begin(provider: string, returnTo = "/clones"): Promise<URL> {
      const query = new URLSearchParams({ return_to: returnTo });
      return locationOf(await get(`/api/v1/auth/oauth/${provider}?${query}`));
    },
    /** The path that the provider sends it back to. */
    async visit(url: URL): Promise<string> {
      const provider = new Jar();
      let next = url;
      while (next.origin === url.origin) {
        const response = await fetch(next, { headers: provider.header, redirect: "manual" });
        if (response.status < 300 || response.status > 399) throw new Error(`${next}: ${await response.text()}`);
        await response.body?.cancel();
        next = new URL(provider.take(response).headers.get("Location") ?? "", next);
      }
      return pathOf(next);
    },
  };
}
export type Browser = ReturnType<typeof newBrowser>;

/** Who somebody is at the server of OpenID Connect. */
export interface OidcPerson {
  sub: string;
  email: string;
  email_verified?: boolean;
  name?: string;
}

/** The provider's address with the answer to who it is. */
export function as(url: URL, person: OidcPerson | GitHubPerson): URL {
  if ("login" in person) url.searchParams.set("person", JSON.stringify(person));
  else {
    const said = Object.entries(person).map(([name, value]) => [name, String(value)]);
    url.searchParams.set("login_hint", new URLSearchParams(said).toString());
  }
  return url;
}

/** A whole sign-in; what the browser is answered at its end. */
export async function signInBy(
  provider: string,
  person: OidcPerson | GitHubPerson,
  browser = newBrowser(),
  returnTo?: string,
) {
  const back = await browser.visit(as(await browser.begin(provider, returnTo), person));
  return { browser, back, response: await browser.get(back) };
}
