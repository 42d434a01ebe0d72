import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { WebStandIn } from "../stand-ins/web-server.ts";
import { patienceMs } from "./expect.ts";
import type { Line } from "./line.ts";

interface Options {
  width?: number;
  scheme?: "light" | "dark";
  /** Answers of the API that the journey provokes, each reported by the browser as a console error; 0 is a lost connection. */
  expectedStatuses?: number[];
  javaScript?: boolean;
}

export interface Journey {
  name: string;
  options?: Options;
  run(visit: Visit): Promise<void>;
}

/** One browser profile on its way through the product. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  base: string;
  /** The line to the product, which a journey may cut. */
  line: Line;
  /** Where the stand-in for models is; null where the product runs elsewhere. */
  models: string | null;
  /** Websites on loopback that the product may fetch; null where the product runs elsewhere. */
  web: WebStandIn | null;
  /** A provider of OpenID Connect on loopback that the product lets people sign in by; null where the product runs elsewhere. */
  provider: string | null;
  /** A provider of SAML on loopback; null where the product runs elsewhere. */
  saml: string | null;
  /** Whether the product lets people sign in by OpenLDAP's server as “Example Directory”. */
  hasDirectory: boolean;
  /** Where the product itself is, without the line: providers send browsers there. */
  product: string;
  /** Opens a path and waits until its handlers are in place. */
  open(path: string): Promise<void>;
  /** The API as this browser, for what a journey needs but is not about. */
  call<T>(method: string, path: string, body?: object): Promise<T>;
}

/** A browser of somebody of their own. */
export async function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(patienceMs);
  return context;
}

/** A fresh, anonymous visit. `complaints` fills with what a page must never do: errors in its console, exceptions, foreign loads. */
export async function beginVisit(
  browser: Browser,
  around: Pick<Visit, "line" | "models" | "web" | "provider" | "saml" | "hasDirectory" | "product">,
  options: Options,
  complaints: string[],
): Promise<Visit> {
  const { line, product, provider, saml } = around;
  const { base } = line;
  const own = [base, product, ...(provider ? [provider] : []), ...(saml ? [saml] : [])];
  const context = await newContext(browser, {
    viewport: { width: options.width ?? 1280, height: 840 },
    colorScheme: options.scheme ?? "light",
    javaScriptEnabled: options.javaScript ?? true,
  });
  context.on("page", (page) => watch(page, own, options.expectedStatuses ?? [], complaints));
  const page = await context.newPage();
  return {
    ...around,
    page,
    context,
    base,
    async open(path) {
      await page.goto(base + path);
      if (options.javaScript !== false) await page.waitForSelector("html[data-ready]", { state: "attached" });
    },
    call: callOf(context, base),
  };
}

/** Calls the API as whoever the browser is signed in as; throws for what is no success. */
export function callOf(context: BrowserContext, base: string): Visit["call"] {
  return async <T>(method: string, path: string, body?: object) => {
    const response = await context.request.fetch(`${base}/api/v1${path}`, {
      method,
      // A connection of its own: one that was kept may be closed by the server just as it is used again.
      headers: { Origin: base, Accept: "application/json", Connection: "close" },
      ...(body ? { data: body } : {}),
    });
    if (!response.ok()) throw new Error(`${method} ${path} answered ${response.status()}: ${await response.text()}`);
    return (response.status() === 204 ? undefined : await response.json()) as T;
  };
}

function watch(page: Page, own: string[], expected: number[], complaints: string[]): void {
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (/net::ERR_|Failed to fetch/.test(message.text()) && expected.includes(0)) return;
    const status = Number(message.text().match(/status of (\d{3})/)?.[1]);
    if (expected.includes(status)) return;
    complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!own.some((each) => url.startsWith(`${each}/`)) && !/^(data|blob|chrome-extension|about):/.test(url))
      complaints.push(`foreign load: ${url}`);
  });
}
