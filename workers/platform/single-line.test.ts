import { describe, expect, it } from "vitest";
import { mailsTo } from "../accounts/testing/mail.ts";
import { safeFilename } from "../knowledge/filename.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { makeWorkspace } from "../workspaces/testing/teams.ts";
import { mailName } from "./mail/mail.ts";
import { cleanLine, cleanLines } from "./single-line.ts";

const v1 = "/api/v1";
/** Every mark that turns the direction, and others that nobody sees. */
const marks =
  "\u00ad\u034f\u115f\u1160\u17b4\u180e\u3164\uffa0\ufe00\ufe0f\u206a\u206f\u{e0001}\u{e0041}\u{e0100}\u{1d173}\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff";
const breaks = ["\n", "\r", "\r\n", "\0", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029", "\v"];

/** Names that people give to things, and where they come out again. */
async function naming() {
  const { token } = await signUp();
  const workspace = await makeWorkspace({ token });
  const clone = await makeClone(token);
  const conversation = await jsonOf<{ id: string }>(
    await call("POST", `${v1}/conversations`, { token, json: {} }),
    201,
  );
  const at = (method: string, path: string, json: (name: string) => unknown) => (name: string) =>
    call(method, v1 + path, { token, json: json(name) });
  let people = 0;
  return {
    person: at("POST", "/auth/register", (name) => {
      people += 1;
      return { name, email: `${crypto.randomUUID()}-${people}@example.com`, password: "correct horse battery staple" };
    }),
    "new workspace": at("POST", "/workspaces", (name) => ({ name })),
    workspace: at("PATCH", `/workspaces/${workspace}`, (name) => ({ name })),
    "new clone": at("POST", "/clones", (name) => ({ name })),
    clone: at("PATCH", `/clones/${clone.id}`, (name) => ({ name })),
    starter: at("PATCH", `/clones/${clone.id}`, (name) => ({ starters: [name] })),
    key: at("POST", "/api-keys", (name) => ({ name })),
    title: at("PUT", `/conversations/${conversation.id}`, (title) => ({ title })),
    folder: at("PUT", `/conversations/${conversation.id}`, (folder) => ({ folder })),
    tag: at("PUT", `/conversations/${conversation.id}`, (tag) => ({ tags: [tag] })),
  };
}

describe("a name", () => {
  it("of anything is refused with a line break or a control character within it", async () => {
    for (const [what, name] of Object.entries(await naming())) {
      for (const each of breaks) {
        const problem = await jsonOf<{ detail: string }>(await name(`Ada${each}Bcc`), 422);
        expect([what, problem.detail]).toEqual([what, expect.stringContaining("Use one line")]);
      }
    }
  });

  it("of anything loses marks of direction and others that nobody sees, and may not be of these alone", async () => {
    for (const [what, name] of Object.entries(await naming())) {
      const kept = await (await name(`A${marks}da\u202Etxt.exe`)).text();
      expect([what, kept.includes("Adatxt.exe"), /[\u202a-\u202e\u2066-\u2069\u200b]/.test(kept)]).toEqual([
        what,
        true,
        false,
      ]);
      if (what !== "folder") expect([what, (await name(marks)).status]).toEqual([what, 422]);
      if (what !== "folder") expect([what, (await name("\u3164 \u2800")).status]).toEqual([what, 422]);
    }
  });

  it("loses every sign of Unicode that nobody sees, wherever it stands", () => {
    for (let code = 0; code < 0x110000; code++) {
      const sign = String.fromCodePoint(code);
      if (!/\p{Default_Ignorable_Code_Point}/u.test(sign)) continue;
      expect([code.toString(16), cleanLine(`Ada${sign}`, 100)]).toEqual([code.toString(16), "Ada"]);
      expect([code.toString(16), cleanLine(`${sign}A${sign}${sign}da`, 100)]).toEqual([code.toString(16), "Ada"]);
      expect([code.toString(16), cleanLine(sign, 100)]).toEqual([code.toString(16), ""]);
    }
    for (const blank of "\u2800\u{13441}\u{1d159}\u1680\u3000")
      expect(cleanLine(`Ada${blank}${blank}B${blank}`, 100)).toBe("Ada B");
  });

  it("keeps what scripts and pictures are written with", () => {
    for (const name of [
      "علی‌رضا",
      "👩‍👩‍👧",
      "José Ñandú",
      "Zoë O’Neill-Nguyễn",
      "日本 太郎",
      "क्ष",
      "❤️",
      "1️⃣",
      "👩🏽‍💻",
      "🏳️‍🌈",
      "അവന്‍",
    ])
      expect(cleanLine(name, 100)).toBe(name);
  });

  it("from elsewhere becomes one line, and is cut between characters", () => {
    expect(cleanLine(" Ada\r\nBcc: eve@example.com\0\u2028x ", 100)).toBe("Ada Bcc: eve@example.com x");
    expect(cleanLine(`${"a".repeat(9)}😀`, 10)).toBe("a".repeat(9));
    expect(cleanLine("\ud800Ada", 100)).toBe("�Ada");
    expect(cleanLine(marks, 100)).toBe("");
  });
});

describe("a mail made of names", () => {
  it("has no address in it but our own, and no end of the quotation that a name stands in", async () => {
    const json = {
      name: "Ada” asks you to open http://evil.example/login?a=b or evil.example. “",
      email: `${crypto.randomUUID()}@example.com`,
      password: "correct horse battery staple",
    };
    const { access_token: token } = await jsonOf<{ access_token: string }>(
      await call("POST", `${v1}/auth/register`, { json }),
      201,
    );
    const workspace = await makeWorkspace(
      { token },
      "Win at https://evil.example/x or www.evil.example or mail eve@evil.example”",
    );
    const email = `${crypto.randomUUID()}@example.com`;
    await jsonOf(await call("POST", `${v1}/workspaces/${workspace}/invitations`, { token, json: { email } }), 201);
    const [mail] = await mailsTo(email);
    const said = `${mail?.subject}\n${mail?.text.replaceAll("http://localhost:8787/", "")}`;
    expect(said).not.toMatch(/:\/\/|\w\.\w|@evil/);
    expect(mail?.text.match(/[“”]/g)).toHaveLength(6);
  });

  it("is one line of subject and plain text, whatever it was made of", async () => {
    expect(mailName("a".repeat(500))).toHaveLength(80);
    expect(cleanLines("One\r\ntwo\u2028three\0\u202e\tfour")).toBe("One\ntwo\nthree\tfour");
  });
});

describe("a file’s name", () => {
  it("is one line without marks of direction", () => {
    for (const each of [...breaks, ..."\u2028\u2029"]) {
      const name = safeFilename(`bill${each}fdp.exe`);
      expect(name).toMatch(/^bill ?fdp\.exe$/);
    }
    expect(safeFilename(`bill\u202efdp.exe${marks}`)).toBe("billfdp.exe");
    expect(safeFilename(`${"a".repeat(195)}😀.txt`)).toBe(`${"a".repeat(195)}.txt`);
    expect(safeFilename("\u2028\u200b")).toBe("document");
  });

  it("comes to a download as one header", async () => {
    expect(encodeURIComponent(safeFilename("a\u2028\ud800b.txt"))).toBe("a%20%EF%BF%BDb.txt");
  });
});
