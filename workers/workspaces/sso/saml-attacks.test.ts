import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MadeResponse } from "../../../scripts/stand-ins/saml-server.ts";
import { newBrowser } from "../../accounts/testing/oauth.ts";
import { signUp } from "../../testing/client.ts";
import {
  beginSso,
  count,
  makeResponse,
  me,
  pathOf,
  post,
  problemOf,
  refusalsIn,
  saml,
  samlAnswer,
  samlTeam,
  signInBySaml,
  type Team,
} from "../testing/sso.ts";
import { changed, wrap, wrappings } from "../testing/wrapping.ts";

/** Who attacks has an account at the provider, and signs in there as themselves. */
const mallory = { id: "m-1", email: "mallory@acme.example", name: "Mallory" };
const victim = { id: "v-1", email: "victim@acme.example", name: "Victim" };
const forge = (xml: string) => xml.replaceAll(mallory.id, victim.id).replaceAll(mallory.email, victim.email);

type Change = (response: string, context: { team: Team; url: URL }) => string | Promise<string>;

/** Posts a response that is right but for `options` and `change`, and follows wherever that leads. Why it was refused, or null. */
async function attempt(
  team: Team,
  options: Partial<MadeResponse> = {},
  change: Change = (response) => response,
): Promise<string | null> {
  const browser = newBrowser();
  const url = await beginSso(team, browser);
  const made = await makeResponse(team, url, { person: mallory, ...options });
  const SAMLResponse = await change(made, { team, url });
  const RelayState = url.searchParams.get("RelayState") ?? "";
  const received = await post(team.connection.id, { SAMLResponse, RelayState });
  const refused = problemOf(received);
  if (refused !== null) return refused;
  return problemOf(await browser.get(pathOf(received)));
}

/** Nobody was signed in, made or linked: there is the team's owner, with one session. */
async function expectNobody() {
  expect([await count("users"), await count("sessions"), await count("members")]).toEqual([1, 1, 2]);
  expect(await count("accounts")).toBe(1);
}

/** A team whose owner has both their workspaces. */
async function quietTeam(): Promise<Team> {
  const team = await samlTeam();
  expect(await count("members")).toBe(2);
  return team;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("XML signature wrapping", () => {
  it("starts from responses that count when they are left as they are", async () => {
    for (const signResponse of [false, true]) {
      const team = await samlTeam({ domain: signResponse ? "one.example" : "two.example", ada: await signUp("Ada") });
      const person = { ...mallory, email: `m@${team.domain}` };
      expect(await attempt(team, { person, signResponse })).toBeNull();
    }
  });

  it.each(Object.keys(wrappings))("signs nobody in by %s", async (name) => {
    const team = await quietTeam();
    for (const signResponse of /XSW[12]$/.test(name) ? [true] : [false, true]) {
      for (const id of ["_evil", null]) {
        const refused = await attempt(team, { signResponse }, (response) => wrap(name, response, { forge, id }));
        expect(refused, `${name}, ${signResponse}, ${id}`).toBe("provider_failed");
      }
    }
    await expectNobody();
  });

  it("signs nobody in by an assertion without an ID, in another namespace, or hidden by case", async () => {
    const team = await quietTeam();
    const around = (open: string, close: string) => (response: string) =>
      changed(response, (xml) => {
        const assertion = /<saml:Assertion [\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
        const bare = forge(assertion.replace(/<Signature [\s\S]*?<\/Signature>/, "")).replace(/ ID="[^"]*"/, "");
        return xml.replace(assertion, `${open}${bare}${close}${assertion}`);
      });
    const renamed = (response: string) =>
      changed(around("", "")(response), (xml) =>
        xml.replace("<saml:Assertion", "<x:Assertion xmlns:x='urn:x'").replace("</saml:Assertion>", "</x:Assertion>"),
      );
    for (const change of [around("", ""), around("<x>", "</x>"), around("<samlp:Status>", "</samlp:Status>"), renamed])
      expect(await attempt(team, {}, change)).toBe("provider_failed");
    await expectNobody();
  });
});

describe("a signature", () => {
  it("has to be there", async () => {
    const team = await quietTeam();
    expect(await attempt(team, { signAssertion: false })).toBe("provider_failed");
    // That of the whole response is not that of the assertion.
    expect(await attempt(team, { signAssertion: false, signResponse: true })).toBe("provider_failed");
    const strip: Change = (response) => changed(response, (xml) => xml.replace(/<Signature [\s\S]*?<\/Signature>/, ""));
    expect(await attempt(team, {}, strip)).toBe("provider_failed");
    await expectNobody();
    expect(await refusalsIn(team)).toEqual(Array(3).fill("Assertion must have one Signature, and has not."));
  });

  it("has to be by a key of the connection, whatever certificate stands in the message", async () => {
    const team = await quietTeam();
    expect(await attempt(team, { signedBy: "other" })).toBe("provider_failed");
    const base64 = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, "");
    // The genuine certificate beside the attacker's signature, and theirs beside the genuine one of a changed assertion.
    const genuine: Change = (response) =>
      changed(response, (xml) => xml.replace(base64(saml.otherCertificate), base64(saml.certificate)));
    expect(await attempt(team, { signedBy: "other" }, genuine)).toBe("provider_failed");
    const theirs: Change = (response) =>
      changed(response, (xml) => forge(xml).replace(base64(saml.certificate), base64(saml.otherCertificate)));
    expect(await attempt(team, {}, theirs)).toBe("provider_failed");
    const none: Change = (response) =>
      changed(response, (xml) => forge(xml.replace(/<KeyInfo>[\s\S]*?<\/KeyInfo>/, "")));
    expect(await attempt(team, {}, none)).toBe("provider_failed");
    await expectNobody();
    expect(await refusalsIn(team)).toEqual(Array(4).fill("Invalid signature"));
  });

  it("counts without a certificate in the message, as that is not read", async () => {
    const team = await samlTeam();
    const none: Change = (response) => changed(response, (xml) => xml.replace(/<KeyInfo>[\s\S]*?<\/KeyInfo>/, ""));
    expect(await attempt(team, {}, none)).toBeNull();
  });

  it("breaks when anything in the assertion is changed", async () => {
    const team = await quietTeam();
    const changes: [RegExp | string, string][] = [
      [/mallory@acme\.example/g, "victim@acme.example"],
      [/>m-1</g, ">v-1<"],
      ["<saml:Audience>", "<saml:Audience> "],
      [/(<saml:Conditions NotBefore=")\d{4}/, "$12001"],
      ["<saml:AuthnStatement", '<saml:AuthnStatement SessionIndex="x"'],
    ];
    for (const [from, to] of changes)
      expect(await attempt(team, {}, (response) => changed(response, (xml) => xml.replace(from, to)))).toBe(
        "provider_failed",
      );
    await expectNobody();
  });

  it("is not taken by SHA-1, by a secret, or over other transforms", async () => {
    const team = await quietTeam();
    for (const weak of [{ signatureAlgorithm: "rsa-sha1" }, { digestAlgorithm: "sha1" }])
      expect(await attempt(team, weak)).toBe("provider_failed");
    const algorithms: [string, string][] = [
      ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"],
      ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", ""],
      [
        'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#',
        'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
      ],
      [
        'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116',
      ],
      [
        'Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#',
        'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116',
      ],
      ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5"],
    ];
    for (const [from, to] of algorithms)
      expect(await attempt(team, {}, (response) => changed(response, (xml) => xml.replace(from, to))), to).toBe(
        "provider_failed",
      );
    await expectNobody();
    for (const why of await refusalsIn(team)) expect(why).toMatch(/is not taken\. Sign with RSA and SHA-256/);
  });
});

describe("XML", () => {
  it("is not cut by comments, CDATA or instructions in what it says", async () => {
    const team = await quietTeam();
    // A NameID and address of their own, which a comment makes begin like the victim's.
    const person = { id: "victim@acme.example.evil.example", email: "victim@acme.example.evil.example" };
    const cut =
      (inner: string): Change =>
      (response) =>
        changed(response, (xml) => xml.replaceAll("acme.example.evil", `acme.example${inner}.evil`));
    for (const inner of ["<!---->", "<!-- x -->", "<![CDATA[]]>", "<?x y?>"])
      expect(await attempt(team, { person }, cut(inner)), inner).toBe("provider_failed");
    // And uncut, it is what it is: an address of another domain.
    expect(await attempt(team, { person })).toBe("address_not_allowed");
    await expectNobody();
  });

  it("has no DTD and no entity", async () => {
    const team = await quietTeam();
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
    const doctypes = [
      "<!DOCTYPE r>",
      '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      '<!DOCTYPE r SYSTEM "http://169.254.169.254/x.dtd">',
      `<!DOCTYPE r [<!ENTITY l0 "ha">${laughs}]>`,
      "<!DOCTYPE samlp:Response [<!ATTLIST saml:Assertion ID ID #REQUIRED>]>",
      "<!doctype r>",
    ];
    for (const doctype of doctypes) {
      const change: Change = (response) => changed(response, (xml) => doctype + xml);
      expect(await attempt(team, {}, change), doctype).toBe("provider_failed");
      const later: Change = (response) => changed(response, (xml) => `<?xml version="1.0"?>\n${doctype}${xml}`);
      expect(await attempt(team, {}, later), doctype).toBe("provider_failed");
    }
    const entity: Change = (response) => changed(response, (xml) => xml.replace(">m-1<", ">&xxe;m-1<"));
    expect(await attempt(team, {}, entity)).toBe("provider_failed");
    await expectNobody();
  });

  it("is refused where it is something else", async () => {
    const team = await quietTeam();
    const texts = [
      "",
      "<",
      "<a/>",
      "nothing",
      "<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:1.0:protocol'/>",
      "<LogoutResponse xmlns='urn:oasis:names:tc:SAML:2.0:protocol'/>",
      "<a>".repeat(20_000) + "</a>".repeat(20_000),
    ];
    for (const text of texts)
      expect(await attempt(team, {}, () => Buffer.from(text).toString("base64"))).toBe("provider_failed");
    expect(await attempt(team, {}, () => "%%%")).toBe("provider_failed");
    expect(await attempt(team, {}, () => Buffer.from([0xff, 0xfe, 0x3c, 0x00]).toString("base64"))).toBe(
      "provider_failed",
    );
    const deep: Change = (response) =>
      changed(response, (xml) => xml.replace("<samlp:Status>", `${"<a>".repeat(9_000)}${"</a>".repeat(9_000)}$&`));
    expect(await attempt(team, {}, deep)).toBe("provider_failed");
    const two: Change = (response) => changed(response, (xml) => xml + xml);
    expect(await attempt(team, {}, two)).toBe("provider_failed");
    const huge = await post(team.connection.id, { SAMLResponse: "A".repeat(400_000), RelayState: "x" });
    expect(huge.status).toBe(413);
    await expectNobody();
  });
});

describe("a response", () => {
  it("has to be for this service, sent here, by this provider, to this request", async () => {
    const team = await quietTeam();
    const other = await samlTeam({ domain: "other.example", ada: team.ada });
    const acs = team.connection.service.acs_url ?? "";
    const wrong: [name: string, Partial<MadeResponse>][] = [
      ["audience", { audience: "https://other.example" }],
      ["audience of another connection", { audience: other.connection.service.entity_id }],
      ["audience that begins alike", { audience: `${team.connection.service.entity_id}x` }],
      ["no audience", { audience: undefined, destination: acs }],
      ["recipient", { recipient: `${acs}x` }],
      ["recipient of another connection", { recipient: other.connection.service.acs_url }],
      ["no recipient", { recipient: "" }],
      ["destination", { destination: "https://other.example/acs" }],
      ["destination of another connection", { destination: other.connection.service.acs_url }],
      ["issuer", { issuer: "urn:example:other" }],
      ["issuer that begins alike", { issuer: `${saml.entityId}.evil` }],
      ["request", { inResponseTo: "_another" }],
      ["no request", { inResponseTo: "" }],
      ["transient", { person: { ...mallory, format: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" } }],
    ];
    for (const [name, options] of wrong) expect(await attempt(team, options), name).toBe("provider_failed");
    // What the response says outside of the assertion is held against it as well.
    for (const name of ["InResponseTo", "Destination", "Version"]) {
      const change: Change = (response) =>
        changed(response, (xml) => xml.replace(new RegExp(`(<samlp:Response[^>]* )${name}="[^"]*"`), `$1${name}="x"`));
      expect(await attempt(team, {}, change), name).toBe("provider_failed");
    }
    const unasked: Change = (response) =>
      changed(response, (xml) => xml.replace(/(<samlp:Response[^>]* )InResponseTo="[^"]*"/, "$1"));
    expect(await attempt(team, {}, unasked)).toBe("provider_failed");
    // A signed response must say where it is sent to.
    const gone: Change = (response) => changed(response, (xml) => xml.replace(/ Destination="[^"]*"/, ""));
    expect(await attempt(team, { signResponse: true }, gone)).toBe("provider_failed");
    expect([await count("users"), await count("sessions")]).toEqual([1, 1]);
  });

  it("counts only in its time, with a minute of slack", async () => {
    const team = await samlTeam();
    const at =
      (seconds: number): Change =>
      (response) => {
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1000 });
        return response;
      };
    const outcome = async (seconds: number) => {
      const result = await attempt(team, { lifetimeInSeconds: 120 }, at(seconds));
      vi.useRealTimers();
      return result;
    };
    expect(await outcome(120 + 70)).toBe("provider_failed");
    expect(await outcome(-70)).toBe("provider_failed");
    expect(await count("users")).toBe(1);
    expect((await refusalsIn(team)).join()).toMatch(/expired|No valid subject confirmation.*not yet valid/i);
    expect(await outcome(120 + 50)).toBeNull();
    expect(await outcome(-50)).toBeNull();
  });

  it("counts once", async () => {
    const team = await samlTeam();
    const { posted, browser } = await signInBySaml(team, mallory);
    const before = await count("sessions");
    expect(problemOf(await post(team.connection.id, posted))).toBe("expired");
    // Also where the state is that of another sign-in of the same browser, or of nobody.
    const url = await beginSso(team, browser);
    const RelayState = url.searchParams.get("RelayState") ?? "";
    expect(problemOf(await post(team.connection.id, { ...posted, RelayState }))).toBe("provider_failed");
    for (const state of ["", "x", "undefined"])
      expect(problemOf(await post(team.connection.id, { ...posted, RelayState: state }))).toBe("expired");
    const fresh = await samlAnswer(await beginSso(team, newBrowser()), mallory);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(team.connection.id, fresh)));
    expect(answers.map(problemOf).filter((problem) => problem === null)).toHaveLength(1);
    expect(await count("sessions")).toBe(before);
  });

  it("is not taken a second time by its assertion’s ID alone, should its request come back", async () => {
    const team = await samlTeam();
    const browser = newBrowser();
    const url = await beginSso(team, browser);
    const begun = await env.DB.prepare("SELECT * FROM verifications").first();
    const posted = await samlAnswer(url, mallory);
    expect(problemOf(await post(team.connection.id, posted))).toBeNull();
    const { id, identifier, value, expires_at, created_at, updated_at } = begun ?? {};
    await env.DB.prepare("INSERT INTO verifications VALUES (?, ?, ?, ?, ?, ?)")
      .bind(id, identifier, value, expires_at, created_at, updated_at)
      .run();
    expect(problemOf(await post(team.connection.id, posted))).toBe("provider_failed");
    expect(await refusalsIn(team)).toEqual(["the assertion was sent before"]);
  });

  it("of another connection’s provider signs nobody in", async () => {
    const acme = await samlTeam();
    // Eve owns a workspace and its provider, which calls itself as Acme's does, and signs by a key of her own.
    const eve = await signUp("Eve");
    const evil = await samlTeam({ domain: "evil.example", ada: eve }, { certificates: [saml.otherCertificate] });
    const [sessions, users] = [await count("sessions"), await count("users")];
    const browser = newBrowser();
    const url = await beginSso(evil, browser);
    const RelayState = url.searchParams.get("RelayState") ?? "";
    // Hers, that says whatever Acme's would, sent to Acme's connection.
    const made = await makeResponse(acme, url, { person: victim, signedBy: "other" });
    expect(problemOf(await post(acme.connection.id, { SAMLResponse: made, RelayState }))).toBe("expired");
    // And at her own: nobody of Acme's domain is hers to sign in.
    const own = await beginSso(evil, browser);
    const answer = await makeResponse(evil, own, { person: victim, signedBy: "other" });
    const sent = { SAMLResponse: answer, RelayState: own.searchParams.get("RelayState") ?? "" };
    const received = await post(evil.connection.id, sent);
    expect(problemOf(await browser.get(pathOf(received)))).toBe("address_not_allowed");
    expect([await count("sessions"), await count("users")]).toEqual([sessions, users]);
  });

  it("begun at the provider, without a request, signs nobody in", async () => {
    const team = await quietTeam();
    const SAMLResponse = await makeResponse(team, null, { person: mallory, inResponseTo: "" });
    for (const RelayState of ["", "https://understudy.example/clones"])
      expect(problemOf(await post(team.connection.id, { SAMLResponse, RelayState }))).toBe("expired");
    expect(problemOf(await post(team.connection.id, {}))).toBe("expired");
    expect((await post("sso_01ARZ3NDEKTSV4RRFFQ69G5FAV", { SAMLResponse })).status).toBe(404);
    await expectNobody();
  });

  it("that says that nobody signed in leads back to the sign-in page", async () => {
    const team = await quietTeam();
    const status: Change = (response) =>
      changed(response, (xml) =>
        xml.replace(
          /<samlp:Status>[\s\S]*$/,
          '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode></samlp:Status></samlp:Response>',
        ),
      );
    expect(await attempt(team, {}, status)).toBe("cancelled");
    const denied: Change = (response) => changed(response, (xml) => xml.replace("status:Success", "status:Requester"));
    expect(await attempt(team, {}, denied)).toBe("provider_failed");
    await expectNobody();
  });
});

it("does sign in who they are, for all of this", async () => {
  const team = await samlTeam();
  const { browser } = await signInBySaml(team, mallory);
  expect((await me(browser)).user.email).toBe(mallory.email);
});
