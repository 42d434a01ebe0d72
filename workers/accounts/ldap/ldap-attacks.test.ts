import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ldapBase, ldapPassword } from "../../../scripts/stand-ins/ldap/ldap-people.ts";
import { parseConfig } from "../../platform/config/config.ts";
import { jsonOf } from "../../testing/client.ts";
import { enter, ldap, logOf, refusalOf, withLdap } from "../testing/ldap.ts";

const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
const age = (by: number) => env.DB.prepare("UPDATE sign_in_attempts SET created_at = created_at - ?").bind(by).run();
const limited = { RATE_LIMITS: "auth=1000000/minute" };
const guess = (name: string, password: string, headers: Record<string, string> = {}) =>
  enter(name, password, { changes: limited, headers });
const deviceOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .filter((cookie) => cookie.startsWith("understudy_device="))
    .join("; ");

/** Names that would open the directory, or lead to somebody, where they were read as a filter and not as a name. */
const hostile = [
  "*",
  "a*",
  "*)(uid=*",
  ")(uid=*",
  "ada)(uid=*))(|(uid=*",
  "admin)(|(uid=*)",
  "admin)(!(uid=nobody))",
  "*)(objectClass=*",
  "x)(|(objectClass=*)",
  "ada)(&",
  "ada\\",
  "\\2a",
  "\\61\\64\\61",
  "ada\0",
  "\0ada)(uid=*",
  "$&",
  "$'",
  "{username}",
  "ada,ou=people",
  "cn=Ada Lovelace,ou=people,dc=example,dc=org",
  "＊",
  "）（uid=＊",
  "\ud800",
  "ada\u2028)(uid=*",
  "#".repeat(254),
  "(".repeat(254),
  "\\".repeat(254),
  "🂡".repeat(60),
];

describe.skipIf(!ldap)("a name that is a filter", () => {
  it.each(hostile)("is a name only: %j", async (name) => {
    const lines = await logOf(async () => {
      const refused = await refusalOf(await enter(name));
      expect(refused).toMatchObject({ status: 401, code: "unauthenticated" });
    });
    const filters = lines.flatMap((line) => / SRCH base=.* filter="(.*)"$/.exec(line)?.[1] ?? []);
    expect(filters).toHaveLength(1);
    // The one that is set, with the name in its three places; no value holds a wildcard, and none a bracket. The server marks what no
    // address can be with a question mark.
    const value = String.raw`((?:[^()*\\]|\\[\dA-Fa-f]{2})*)`;
    const shape = new RegExp(
      String.raw`^\(&\(objectClass=person\)\(\|\(\??uid=${value}\)\(\??mail=${value}\)\(\??sAMAccountName=${value}\)\)\)$`,
    );
    expect(filters[0]).toMatch(shape);
    expect(lines.join("\n")).toMatch(/SEARCH RESULT tag=101 err=0 .*nentries=0/);
    expect(await count("users")).toBe(0);
  });

  it("finds whoever has just that name", async () => {
    const { user } = await jsonOf<{ user: { email: string } }>(await enter("st*r"), 200);
    expect(user.email).toBe("star@example.com");
    expect((await jsonOf<{ user: { email: string } }>(await enter("zoë"), 200)).user.email).toBe("zoe@example.com");
  });

  it("is refused where it is too long, or empty", async () => {
    for (const name of ["x".repeat(255), "", "  \t"])
      expect(await refusalOf(await enter(name))).toMatchObject({ status: 422, errors: [{ path: "username" }] });
  });
});

describe.skipIf(!ldap)("a password", () => {
  it("that is empty never reaches the directory, which would take it for nobody's and say yes", async () => {
    for (const password of ["", "x".repeat(257)])
      expect(await refusalOf(await enter("ada", password))).toMatchObject({
        status: 422,
        errors: [{ path: "password" }],
      });
    // What follows is the only one that it hears of.
    const lines = await logOf(() => enter("ada", "\0"));
    expect(lines.filter((line) => /BIND dn=.* method=/.test(line)).length).toBe(2);
    expect(lines.join("\n")).toMatch(/RESULT tag=97 err=49/);
    expect(await count("users")).toBe(0);
  });

  it("is somebody's own: a hash, another's, or one with blanks about it opens nothing", async () => {
    for (const password of [` ${ldapPassword}`, `${ldapPassword} `, ldapPassword.toUpperCase(), `${ldapPassword}\0`])
      expect((await enter("ada", password)).status).toBe(401);
  });
});

describe.skipIf(!ldap)("guessing at the directory", () => {
  it("is let through a few times, also fifty at once, and alike for names that nobody has", async () => {
    const statusesOf = async (name: string) => {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => guess(name, `wrong ${i}`)));
      return answers.map(({ status }) => status).toSorted();
    };
    const expected = [...Array.from({ length: 3 }, () => 401), ...Array.from({ length: 47 }, () => 429)];
    expect(await statusesOf("ben")).toEqual(expected);
    expect(await statusesOf("nobody")).toEqual(expected);
    const late = await guess("ben", ldapPassword);
    expect(Number(late.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await refusalOf(late)).detail).toMatch(/^Too many wrong guesses.*from a device that you used before\.$/);
  });

  it("is not asked of the directory after that", async () => {
    for (let i = 0; i < 3; i++) await guess("ben", "wrong");
    const lines = await logOf(async () => {
      expect((await guess("ben", "wrong")).status).toBe(429);
      expect((await guess("ada", ldapPassword)).status).toBe(200);
    });
    expect(lines.filter((line) => line.includes(" ACCEPT "))).toHaveLength(1);
  });

  it("gains nothing from other spellings and other names of the same person, and learns nothing by them", async () => {
    // Directories pass over soft hyphens, blanks and case.
    const spellings = [
      "ada",
      "adal",
      "Ada@example.com",
      ...Array.from({ length: 12 }, (_, i) => `a\u00ad${"\u00ad".repeat(i)}da`),
    ];
    const answers: Awaited<ReturnType<typeof refusalOf>>[] = [];
    const lines = await logOf(async () => {
      for (const name of spellings) answers.push(await refusalOf(await guess(name, "wrong")));
    });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const binds = lines.filter((line) => line.includes('BIND dn="cn=Ada Lovelace') && line.includes("method"));
    expect(binds).toHaveLength(3);
    // Nor does the right one, until there is a guess again.
    expect((await guess("a\u00ad\u00ad\u00adda\u00ad", ldapPassword)).status).toBe(401);
    await age(60 * 60_000);
    expect((await guess("ada", ldapPassword)).status).toBe(200);
  });

  it("keeps nobody out of a browser that they used before, and is counted there, too", async () => {
    const device = deviceOf(await guess("ada", ldapPassword));
    for (let i = 0; i < 5; i++) await guess("ada", "wrong");
    expect((await guess("ada", ldapPassword)).status).toBe(429);
    expect((await guess("ada", ldapPassword, { Cookie: device })).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await guess("ada", "wrong", { Cookie: device })).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  it("is no easier from a browser of somebody else", async () => {
    const device = deviceOf(await guess("ben", ldapPassword));
    const lines = await logOf(async () => {
      for (let i = 0; i < 5; i++) {
        await guess("ada", "wrong");
        await guess("ada", "wrong", { Cookie: device });
      }
    });
    expect(lines.filter((line) => line.includes('BIND dn="cn=Ada Lovelace') && line.includes("method"))).toHaveLength(
      3,
    );
  });

  it("does not count what was right, and keeps no name", async () => {
    for (let i = 0; i < 6; i++) expect((await guess("ben", ldapPassword)).status).toBe(200);
    await guess("ben", "wrong");
    const rows = await env.DB.prepare("SELECT * FROM sign_in_attempts").all();
    expect(rows.results).toHaveLength(2);
    expect(JSON.stringify(rows.results)).not.toMatch(/ben|people|example/);
  });
});

describe("the settings of the directory", () => {
  const { LDAP_URL: _, ...rest } = withLdap() as unknown as Record<string, string>;
  const start = (changes: Record<string, string>) =>
    parseConfig({ ...rest, LDAP_URL: "ldaps://directory.example.org", ...changes });
  const production = { ENVIRONMENT: "production", FETCH_EXEMPT_ORIGINS: "", SCRYPT_COST: "16384", RATE_LIMITS: "on" };

  it("are right as they are, and in production where the way is encrypted", () => {
    expect(start({})).toMatchObject({ LDAP_NAME: "LDAP", LDAP_ID_ATTRIBUTE: "entryUUID" });
    const others: Record<string, string>[] = [
      { LDAP_URL: "ldap://10.0.0.1:3890", LDAP_STARTTLS: "on", LDAP_REQUIRED_GROUP: "CN=Staff\\, all, OU=Groups,DC=x" },
      {
        LDAP_URL: "LDAPS://[2001:db8::1]:6360/",
        LDAP_BIND_DN: "",
        LDAP_BIND_PASSWORD: "",
        LDAP_ID_ATTRIBUTE: "objectGUID",
      },
      { LDAP_FILTER: "(&(memberOf:1.2.840.113556.1.4.1941:=cn=Staff \\28all\\29,dc=x)(!(uid=a*b))(mail={username}))" },
    ];
    for (const changes of others) expect(start({ ...production, ...changes })).toBeDefined();
    expect(parseConfig({ ...env, LDAP_URL: "", LDAP_NAME: "Example" })).toBeDefined();
  });

  it.each([
    [{ LDAP_URL: "" }, /LDAP_BASE_DN is set, but LDAP_URL is not[\s\S]*LDAP_BIND_DN is set/],
    [
      { LDAP_URL: "", LDAP_BASE_DN: "", LDAP_BIND_DN: "", LDAP_BIND_PASSWORD: "", LDAP_STARTTLS: "on" },
      /STARTTLS is on, but/,
    ],
    [{ LDAP_BASE_DN: "" }, /LDAP_BASE_DN is not set/],
    [{ LDAP_BIND_PASSWORD: "" }, /LDAP_BIND_PASSWORD is not set/],
    [{ LDAP_BIND_DN: "" }, /LDAP_BIND_DN is not set/],
    [{ LDAP_BASE_DN: "example.org" }, /LDAP_BASE_DN must be a distinguished name/],
    [{ LDAP_BIND_DN: "EXTERNAL" }, /LDAP_BIND_DN must be a distinguished name/],
    [{ LDAP_REQUIRED_GROUP: "staff" }, /LDAP_REQUIRED_GROUP must be/],
    [{ LDAP_URL: "https://directory.example.org" }, /LDAP_URL must be an address/],
    [{ LDAP_URL: "ldaps://" }, /LDAP_URL must be an address/],
    [{ LDAP_URL: "ldaps://user@directory.example.org" }, /LDAP_URL must be an address/],
    [{ LDAP_URL: "ldaps://directory.example.org/dc=example" }, /LDAP_URL must be an address/],
    [{ LDAP_STARTTLS: "on" }, /LDAP_STARTTLS is for ldap:\/\/ only/],
    [{ LDAP_STARTTLS: "yes" }, /LDAP_STARTTLS must be/],
    [{ ...production, LDAP_URL: "ldap://directory.example.org" }, /LDAP_URL must begin with ldaps/],
    [{ LDAP_FILTER: "(uid=*)" }, /LDAP_FILTER must contain \{username\}/],
    [{ LDAP_FILTER: "(uid={username}" }, /LDAP_FILTER must be a filter/],
    [{ LDAP_FILTER: "(&(uid={username}))(uid=*)" }, /LDAP_FILTER must be a filter/],
    [{ LDAP_FILTER: "({username}=ada)" }, /LDAP_FILTER must be a filter/],
    [{ LDAP_FILTER: "(uid=\\zz{username})" }, /LDAP_FILTER must be a filter/],
    [{ LDAP_FILTER: "uid={username}" }, /LDAP_FILTER must be a filter/],
    [{ LDAP_ID_ATTRIBUTE: "entry UUID" }, /LDAP_ID_ATTRIBUTE must be the name of one attribute/],
    [{ LDAP_MAIL_ATTRIBUTE: "mail,other" }, /LDAP_MAIL_ATTRIBUTE must/],
    [{ LDAP_NAME: "x".repeat(41) }, /LDAP_NAME is too long/],
  ])("stop the start: %j", (changes, sentence) => expect(() => start(changes)).toThrow(sentence));

  it("judge long nonsense", () => {
    for (const LDAP_FILTER of [
      `${"(&".repeat(900)}{username}`,
      `(uid={username}${"\\2".repeat(900)})`,
      `${"(a=".repeat(600)}{username}`,
    ])
      expect(() => start({ LDAP_FILTER })).toThrow(/LDAP_FILTER/);
    expect(() => start({ LDAP_BASE_DN: `${"a=b,".repeat(20_000)}!` })).toThrow(/LDAP_BASE_DN/);
    expect(start({ LDAP_BASE_DN: ldapBase })).toBeDefined();
  });
});
