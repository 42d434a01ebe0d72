import { type ClientResponse, hc } from "hono/client";
import { data, type RouterContextProvider, redirect } from "react-router";
import { type ApiProblem, readProblem } from "../client/api-problem.ts";
import type { Api } from "../workers/api.ts";
import { apiFetch } from "./api-context.ts";

interface PageArgs {
  request: Request;
  context: Readonly<RouterContextProvider>;
}

/** The API as a typed client that speaks for whoever sent `request`: what came with it goes on whole, and the API decides what counts. */
export function api({ request, context }: PageArgs, cookie = request.headers.get("Cookie")) {
  const call = context.get(apiFetch);
  const { origin } = new URL(request.url);
  return hc<Api>(origin, {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      const forwarded = new Request(input, init);
      if (cookie) forwarded.headers.set("Cookie", cookie);
      const from = request.headers.get("Origin");
      if (from) forwarded.headers.set("Origin", from);
      for (const name of ["Authorization", "CF-Connecting-IP", "User-Agent"]) {
        const value = request.headers.get(name);
        if (value) forwarded.headers.set(name, value);
      }
      return call(forwarded);
    },
  });
}

/** The body of a call that a page cannot do without. A refusal becomes the error page; 401 leads to the sign-in page and back. */
export async function need<T>(request: Request, answer: Promise<ClientResponse<T, number, "json">>): Promise<T> {
  const response = await answer;
  if (response.ok) return (await response.json()) as T;
  const problem = await readProblem(response as unknown as Response);
  if (problem.status === 401) throw redirect(signInPath(request));
  throw data(problem, { status: problem.status });
}

type Attempt<T> = { ok: true; value: T; headers: Headers } | { ok: false; problem: ApiProblem };

/** The body of a call whose refusal the page itself shows. */
export async function attempt<T>(answer: Promise<ClientResponse<T, number, string>>): Promise<Attempt<T>> {
  const response = (await answer) as unknown as Response;
  if (!response.ok) return { ok: false, problem: await readProblem(response) };
  const value = response.status === 204 ? undefined : await response.json();
  return { ok: true, value: value as T, headers: response.headers };
}

/** A refused action, as the page's `actionData`. */
export function refused(problem: ApiProblem) {
  return data({ problem }, { status: problem.status });
}

/** A redirect that hands the API's cookies on to the browser. */
export function redirectWithCookies(to: string, from: Headers) {
  const headers = new Headers();
  for (const cookie of from.getSetCookie()) headers.append("Set-Cookie", cookie);
  return redirect(to, { headers });
}

/** The page that was asked for, also where its data was. */
export function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname.replace(/\.data$/, "") + search;
}

/** Where a person without a session is sent: they come back to the page they asked for. */
export function signInPath(request: Request): string {
  return `/sign-in?next=${encodeURIComponent(pathOf(request))}`;
}
