import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { latin1, makePdf } from "../testing/files.ts";

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/.{76}/g, "$&\r\n");
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A part of a message, in base64. */
const part = (type: string, content: Uint8Array, more = "") =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${base64(content)}`;
const attached = (name: string) => `Content-Disposition: attachment; filename="${name}"\r\n`;
const multipart = (kind: string, boundary: string, parts: string[]) =>
  `Content-Type: multipart/${kind}; boundary=${boundary}\r\n\r\n${parts
    .map((each) => `--${boundary}\r\n${each}\r\n`)
    .join("")}--${boundary}--\r\n`;

const heads = [
  "Received: from mail.example by mx.example; Mon, 1 Mar 2021 10:00:00 +0100",
  "From: =?utf-8?q?Ann_G=C3=A4rtner?= <ann@garden.example>",
  "To: Bob <bob@farm.example>",
  "Subject: =?iso-8859-1?q?Pears_f=FCr_Bob?=",
  "Date: Mon, 1 Mar 2021 10:00:00 +0100",
  "MIME-Version: 1.0",
];
const message = (body: string) => latin1(`${heads.join("\r\n")}\r\n${body}`);
const plain = (text: string) => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;

const sections = ({ text, blocks }: Awaited<ReturnType<typeof parseDocument>>) =>
  blocks.map(({ section, start, end }) => [section, text.slice(start, end)]);

describe("an e-mail message", () => {
  it("is read with its fields, and what it says of itself", async () => {
    const bytes = message(plain("Store them cool.\r\n\r\nAnn"));
    expect(detectType(bytes, "note.txt").kind).toBe("eml");
    const read = await parseDocument("eml", bytes);
    expect(read.properties).toMatchObject({
      title: "Pears für Bob",
      author: "Ann Gärtner",
      date: "2021-03-01T09:00:00.000Z",
    });
    expect(sections(read)).toEqual([
      [
        "Pears für Bob",
        "Subject: Pears für Bob\nFrom: Ann Gärtner <ann@garden.example>\nTo: Bob <bob@farm.example>\nDate: 2021-03-01T09:00:00.000Z",
      ],
      ["Pears für Bob", "Store them cool."],
      ["Pears für Bob", "Ann"],
    ]);
  });

  it("says once what stands in it as text and as HTML, and both where they differ", async () => {
    const html = part("text/html; charset=utf-8", utf8("<p>Store pears <b>cool</b> and dry.</p><script>x()</script>"));
    const body = (text: string) => message(multipart("alternative", "b1", [plain(text), html]));
    const same = await parseDocument("eml", body("Store pears *cool* and dry.\r\n"));
    expect(same.text.match(/Store pears/g)).toHaveLength(1);
    expect(same.text).not.toContain("x()");
    const other = await parseDocument("eml", body("Your program shows no HTML.\r\n"));
    expect(other.text).toMatch(/Your program shows no HTML\.[\s\S]*Store pears cool and dry\./);
  });

  it("is read with its attachments and the messages in it, each under its name", async () => {
    const inner = message(
      multipart("mixed", "b2", [
        plain("Inner words."),
        part("text/csv", utf8("Sort,Plot\nQuince,7\n"), attached("plots.csv")),
      ]),
    );
    const bytes = message(
      multipart("mixed", "b1", [
        plain("See below."),
        part(
          "application/octet-stream",
          makePdf([[{ text: "One" }], [{ text: "Second page" }]]),
          attached("../../etc/care.pdf"),
        ),
        `Content-Type: message/rfc822\r\n${attached("older.eml")}\r\n${String.fromCharCode(...inner)}`,
        part("video/mp4", latin1("\0\0\0\x18ftypmp42\0\0\0\0"), attached("film.mp4")),
      ]),
    );
    const read = await parseDocument("eml", bytes);
    const places = sections(read);
    expect(places).toContainEqual(["etc/care.pdf › Page 2", "Second page"]);
    expect(places).toContainEqual(["older.eml › Pears für Bob", "Inner words."]);
    expect(places).toContainEqual(["older.eml › plots.csv", "Sort | Plot\nQuince | 7"]);
    expect(read.leftOut).toEqual({
      count: 1,
      notes: [{ what: "film.mp4", reason: expect.stringContaining("a video") }],
    });
    expect(read.text).not.toContain("a video");
    expect(read.pages).toBeNull();
  });

  it("in messages in messages is read so deep, and no deeper", async () => {
    let bytes = message(plain("Innermost."));
    for (let depth = 0; depth < 12; depth++)
      bytes = message(
        multipart("mixed", `d${depth}`, [
          plain(`Depth ${depth}.`),
          `Content-Type: message/rfc822\r\n${attached(`m${depth}.eml`)}\r\n${String.fromCharCode(...bytes)}`,
        ]),
      );
    const read = await parseDocument("eml", bytes);
    expect(read.text).toContain("Depth 8.");
    expect(read.text).not.toContain("Innermost.");
    expect(read.leftOut).toMatchObject({ notes: [{ reason: expect.stringContaining("too deep") }] });
  });

  it("with parts in parts without end is refused", async () => {
    let body = plain("x");
    for (let depth = 0; depth < 300; depth++) body = multipart("mixed", `d${depth}`, [body]);
    await expect(parseDocument("eml", message(body))).rejects.toMatchObject({ code: "damaged" });
  });

  it("with very many parts, or larger than mail servers take, is refused", async () => {
    const many = multipart(
      "mixed",
      "b",
      Array.from({ length: 25_000 }, () => "\r\nx"),
    );
    await expect(parseDocument("eml", message(many))).rejects.toMatchObject({ code: "too_much_text" });
    const large = message(plain("pear ".repeat(5_200_000)));
    await expect(parseDocument("eml", large)).rejects.toMatchObject({ message: expect.stringContaining("25 MB") });
  });

  it.each([
    [
      "more than 8 KB of fields before its sender",
      (source: string) => `${`X-MS-Exchange-Diagnostics: ${"Zm9v".repeat(200)}\r\n`.repeat(30)}${source}`,
    ],
    ["a byte order mark", (source: string) => `\xef\xbb\xbf${source}`],
    ["an empty line", (source: string) => `\r\n${source}`],
    ["an envelope's line", (source: string) => `From ann@garden.example\r\n${source}`],
    ["a quoted one", (source: string) => `>From ann@garden.example Mon Mar 1 2021\r\n${source}`],
  ])("is read with %s before its fields", async (_name, before) => {
    const source = new TextDecoder("latin1").decode(message(part("text/plain", utf8("Store them cool."))));
    const bytes = Uint8Array.from(before(source), (character) => character.charCodeAt(0));
    const { kind } = detectType(bytes, "a.eml");
    expect(kind).toBe("eml");
    expect((await parseDocument(kind, bytes)).text).toMatch(/^Subject: Pears für Bob[\s\S]*\n\nStore them cool\.$/);
  });

  it("has fields in an encoding that it does not name", async () => {
    const source = latin1(
      "From: J\xf6rg <j@a.example>\r\nSubject: Gr\xf6\xdfe der \xc4pfel\r\nTo: b@a.example\r\n\r\nHi.",
    );
    const { properties } = await parseDocument("eml", source);
    expect([properties.title, properties.author]).toEqual(["Größe der Äpfel", "Jörg"]);
  });

  it("is read with a line among its fields that is none", async () => {
    const source = `${heads.slice(0, 4).join("\r\n")}\r\nthis line was wrapped by a relay\r\n${heads.slice(4).join("\r\n")}\r\n${part("text/plain", utf8("Store them cool."))}`;
    const { kind } = detectType(latin1(source), "a");
    expect(kind).toBe("eml");
    expect((await parseDocument(kind, latin1(source))).text).toContain("Store them cool.");
  });

  it.each([
    ["UTF-8 that is called ASCII", "us-ascii", "Gr\xc3\xbc\xc3\x9fe aus K\xc3\xb6ln", "Grüße aus Köln"],
    [
      "Windows-1252 that is called UTF-8",
      "utf-8",
      "Gr\xfc\xdfe aus K\xf6ln und M\xfcnchen",
      "Grüße aus Köln und München",
    ],
    ["a code page of DOS", "cp850", "Gr\x81\xe1e aus K\x94ln", "Grüße aus Köln"],
    ["Japanese of seven bits", "us-ascii", "\x1b$BF|K\\8l\x1b(B", "日本語"],
  ])("is read in the encoding that it is in: %s", async (_name, charset, body, text) => {
    const source = `${heads.join("\r\n")}\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}\r\n`;
    expect((await parseDocument("eml", latin1(source))).text.split("\n\n")[1]).toBe(text);
  });

  it("that is encrypted says so, and a signature is nothing to read", async () => {
    const signed = multipart("signed", "b1", [
      plain("Signed words."),
      part("application/pkcs7-signature", Uint8Array.of(48, 130, 1), attached("smime.p7s")),
    ]);
    expect((await parseDocument("eml", message(signed))).leftOut?.count).toBe(0);
    const locked = await parseDocument(
      "eml",
      message(part("application/pkcs7-mime; name=smime.p7m", Uint8Array.of(48, 128, 6))),
    );
    expect(locked.leftOut?.notes).toEqual([{ what: "smime.p7m", reason: expect.stringMatching(/encrypted/) }]);
  });

  it("is not suspected in a letter or a list of settings", () => {
    expect(detectType(utf8("From: Ann\nTo: Bob\nDate: 1 March\nSubject: pears\n\nDear Bob,\n"), "a.txt").kind).toBe(
      "text",
    );
    expect(detectType(utf8("name: pears\nversion: 1\nfrom: here\n\ntext"), "a.txt").kind).toBe("text");
    expect(detectType(utf8("Subject: pears\nTo: all of you\n\nStore them cool."), "a.txt").kind).toBe("text");
    expect(detectType(utf8("To: Bob\nFrom: me\nDon't forget the pears\nand the plums\n"), "a.txt").kind).toBe("text");
    expect(detectType(utf8("From here on, it is 2021\nand so on"), "a.txt").kind).toBe("text");
  });
});

describe("a mailbox", () => {
  it("has a section for every message", async () => {
    const bytes = latin1(
      [
        "From ann@garden.example Mon Mar  1 10:00:00 2021",
        ...heads,
        "",
        "Store them cool.",
        "From here on, 2021 was dry.",
        ">From the first of May on it was not.",
        ">>From is quoted.",
        "",
        "From bob Tue Mar  2 10:00:00 2021",
        ...heads,
        multipart("mixed", "b1", [
          plain("Thanks."),
          part("text/markdown", utf8("# Plots\n\nSeven."), attached("plots.md")),
        ]),
        "From bob Tue Mar  2 10:00:00 2021",
        "",
        "No fields at all.",
      ].join("\n"),
    );
    expect(detectType(bytes, "x").kind).toBe("mbox");
    const read = await parseDocument("mbox", bytes);
    const places = sections(read).filter(([, text]) => !text?.startsWith("Subject:"));
    expect(places).toEqual([
      [
        "Pears für Bob",
        "Store them cool.\nFrom here on, 2021 was dry.\nFrom the first of May on it was not.\n>From is quoted.",
      ],
      ["Pears für Bob (2)", "Thanks."],
      ["Pears für Bob (2) › plots.md › Plots", "Plots"],
      ["Pears für Bob (2) › plots.md › Plots", "Seven."],
      ["Message 3", "No fields at all."],
    ]);
  });

  it("is read without a message that cannot be, which is named", async () => {
    const from = "From bob Tue Mar  2 10:00:00 2021\n";
    const bytes = latin1(`${from}Subject: small\n\nPears.\n\n${from}Subject: large\n\n${"plum ".repeat(5_200_000)}`);
    const read = await parseDocument("mbox", bytes);
    expect(sections(read)).toContainEqual(["small", "Pears."]);
    expect(read.leftOut).toEqual({
      count: 1,
      notes: [{ what: "Message 2", reason: expect.stringContaining("25 MB") }],
    });
  });
});
