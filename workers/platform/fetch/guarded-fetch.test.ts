import { env } from "cloudflare:workers";
import { afterAll, describe, expect, inject, it } from "vitest";
import { type Config, ConfigError, parseConfig } from "../config/config.ts";
import { isProblem } from "../errors.ts";
import { type FetchPolicy, fetchPolicy, guardedFetch } from "./guarded-fetch.ts";

const { url: site, canary } = inject("web");
const port = new URL(canary).port;
const config = parseConfig(env);
/** As the product is configured here, and with the canary's port opened, so that only the rules for hosts keep it unreached. */
const policy: FetchPolicy = { ...fetchPolicy(env, config), ports: ["", "80", "443", port] };
const limits = { accept: ["text/html", "text/plain"], maxBytes: 10_000, milliseconds: 5_000 };

async function failureOf(address: string, over: Partial<FetchPolicy> = {}, within: Partial<typeof limits> = {}) {
  try {
    const { url } = await guardedFetch({ ...policy, ...over }, address, { ...limits, ...within });
    return { code: "fetched", detail: url };
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { code: error.code, detail: error.message };
  }
}

const textOf = async (path: string) =>
  new TextDecoder().decode((await guardedFetch(policy, site + path, limits)).bytes);

/** Hosts that lead inside, in every spelling that a URL parser takes. */
const insideHosts = [
  ..."127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 127.0.0.1. %31%32%37.0.0.1".split(
    " ",
  ),
  ..."127.255.255.254 0.0.0.0 0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.1.1".split(
    " ",
  ),
  ..."169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.0.1 100.64.0.1 100.100.100.200 100.127.255.255".split(
    " ",
  ),
  ..."192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255".split(
    " ",
  ),
  ..."168.63.129.16 192.88.99.1 １２７.０.０.１ 127。0。0。1 ⑫7.0.0.1".split(" "),
  ..."[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:169.254.169.254] [::127.0.0.1] [::ffff:0:127.0.0.1]".split(
    " ",
  ),
  ..."[64:ff9b::7f00:1] [64:ff9b:1::a00:1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::1] [fec0::1] [fc00::1] [fd00:ec2::254]".split(
    " ",
  ),
  ..."[ff02::1] [2001:db8::1] [100::1] [::ffff:8.8.8.8] [4000::1] [5f00::1]".split(" "),
  ..."localhost LOCALHOST localhost. localhost.. a.localhost ip6-localhost metadata metadata.google.internal METADATA.GOOGLE.INTERNAL.".split(
    " ",
  ),
  ..."printer.local db.internal wiki.corp nas.lan router.home box.home.arpa intranet thing.intranet 1.0.0.127.in-addr.arpa".split(
    " ",
  ),
  ..."service.namespace.svc.cluster.local x.onion ｌｏｃａｌｈｏｓｔ loc\u00adalhost".split(" "),
];

/** Names whose addresses lead inside, or do so among others. */
const insideNames = [
  "127-0-0-1.ip.example",
  "10-0-0-1.ip.example",
  "169-254-169-254.ip.example",
  "100-64-1-1.ip.example",
  "8-8-8-8.10-0-0-1.ip.example",
  "8-8-8-8.127-0-0-1.ip.example.",
  "8-8-8-8.six-00000000000000000000000000000001.ip.example",
  "six-00000000000000000000ffff7f000001.ip.example",
  "six-fd000ec2000000000000000000000254.ip.example",
  "six-0064ff9b00000000000000007f000001.ip.example",
];

describe("the guarded fetch", () => {
  afterAll(async () => {
    expect(await (await fetch(`${site}/hits`)).json(), "what reached the canary").toEqual([]);
  });

  it("fetches a page that may be fetched, and tells where it was in the end", async () => {
    const { url, mediaType, bytes, status } = await guardedFetch(policy, `${site}/hops?n=5#top`, limits);
    expect({ url, mediaType, status, length: bytes.length }).toEqual({
      url: `${site}/bytes?n=5`,
      mediaType: "text/html",
      status: 200,
      length: 5,
    });
  });

  it("refuses every spelling of a host that leads inside", async () => {
    for (const host of insideHosts) {
      for (const scheme of ["http", "https"]) {
        const { code } = await failureOf(`${scheme}://${host}:${port}/secret`);
        expect(code, `${scheme}://${host}`).toBe("fetch_refused");
      }
    }
  });

  it("refuses a name any of whose addresses leads inside", async () => {
    for (const name of insideNames) {
      expect(await failureOf(`http://${name}:${port}/`), name).toMatchObject({ code: "fetch_refused" });
    }
  });

  it("checks every hop of a redirect, also one into another scheme", async () => {
    const hosts = [...insideHosts.slice(0, 12), "[::1]", "[::ffff:127.0.0.1]", ...insideNames.slice(0, 4)];
    const targets = [
      ...hosts.map((host) => `http://${host}:${port}/`),
      `//127.0.0.1:${port}/`,
      `http:\\\\127.0.0.1:${port}/`,
      `${site}/redirect?to=${encodeURIComponent(canary)}`,
      "file:///etc/passwd",
      "data:text/html,inside",
      "ftp://127.0.0.1/",
      "javascript:1",
    ];
    for (const target of targets) {
      const outcome = await failureOf(`${site}/redirect?to=${encodeURIComponent(target)}`);
      expect(outcome, target).toMatchObject({ code: "fetch_refused" });
    }
  });

  it("follows five redirects and no sixth", async () => {
    expect(await failureOf(`${site}/hops?n=6`)).toMatchObject({ code: "fetch_failed" });
    expect(await failureOf(`${site}/hops?n=5`)).toMatchObject({ code: "fetched" });
  });

  it("refuses other schemes, ports, credentials, and its own address", async () => {
    for (const address of [
      "ftp://example.com/",
      "file:///etc/passwd",
      "gopher://127.0.0.1:6379/_INFO",
      "data:text/html,a",
      "blob:http://example.com/1",
      "http://8.8.8.8:22/",
      "http://8.8.8.8:6379/",
      "https://8.8.8.8:8443/",
      "http://ada:secret@8.8.8.8/",
      `http://8.8.8.8@127.0.0.1:${port}/`,
      `${site.replace("//", "//ada@")}/bytes?n=1`,
      "not an address",
      "//no-scheme",
      "",
    ])
      expect(await failureOf(address, { ports: ["", "80", "443"] }), address).toMatchObject({ code: "fetch_refused" });
    const own = fetchPolicy(env, { ...config, APP_URL: "https://Understudy.example" } as Config, ["also.example"]);
    for (const address of ["https://understudy.example/api", "https://understudy.EXAMPLE./", "http://also.example/"])
      expect(await failureOf(address, own), address).toMatchObject({ code: "fetch_refused", detail: /own address/ });
  });

  it("takes https alone in production, where nothing is exempt", async () => {
    const production = { ...config, ENVIRONMENT: "production", FETCH_EXEMPT_ORIGINS: [] } as Config;
    const strict = fetchPolicy(env, production);
    expect(await failureOf("http://8-8-8-8.ip.example/", strict)).toMatchObject({ code: "fetch_refused" });
    expect(() =>
      parseConfig({ ...env, ENVIRONMENT: "production", FETCH_EXEMPT_ORIGINS: "http://127.0.0.1:1" }),
    ).toThrow(/FETCH_EXEMPT_ORIGINS cannot be set in production/);
    expect(() => parseConfig({ ...env, FETCH_EXEMPT_ORIGINS: "loopback" })).toThrow(ConfigError);
  });

  it("says so where a name has no address, or cannot be looked up", async () => {
    expect(await failureOf("https://none.example/")).toMatchObject({ code: "fetch_failed", detail: /no website/ });
    expect(await failureOf("https://broken.example/")).toMatchObject({ code: "fetch_failed", detail: /looked up/ });
  });

  it("connects to public addresses only, whatever the name turns into after the check", async () => {
    // The name of this machine has passed every check; what it means now is decided where the connection is made.
    const { PUBLIC_WEB } = env as unknown as { PUBLIC_WEB: Fetcher };
    for (const host of ["localhost", "127.0.0.1", "[::1]"])
      await expect(PUBLIC_WEB.fetch(`http://${host}:${port}/`), host).rejects.toThrow();
  });

  it("stops at its limits of size, time and type", async () => {
    expect(await failureOf(`${site}/bytes?n=10000`)).toMatchObject({ code: "fetched" });
    expect(await failureOf(`${site}/bytes?n=10001`)).toMatchObject({ code: "fetch_failed", detail: /larger than/ });
    expect(await failureOf(`${site}/bomb?n=50000000`)).toMatchObject({ code: "fetch_failed", detail: /larger than/ });
    for (const path of ["/hang", "/drip"])
      expect(await failureOf(site + path, {}, { milliseconds: 200 }), path).toMatchObject({
        code: "fetch_failed",
        detail: /in time/,
      });
    for (const type of ["application/pdf", "image/svg+xml", "text/htmlx"])
      expect(await failureOf(`${site}/bytes?n=1&type=${type}`), type).toMatchObject({ code: "fetch_failed" });
  });

  it("sends nothing of a person’s, and keeps no cookie", async () => {
    const headers = JSON.parse(await textOf(`/redirect?to=${encodeURIComponent("/echo")}`)) as Record<string, string>;
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(["cookie"]));
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("referer");
    expect(headers["user-agent"]).toMatch(/^UnderstudyBot\//);
  });
});
