import { describe, expect, it } from "vitest";
import { boundaryOf, type FormPart, MalformedForm, readMultipart } from "./multipart.ts";

/** The bytes in pieces of given sizes, over and over. */
function inPieces(bytes: Uint8Array, sizes: number[]): ReadableStream<Uint8Array> {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[turn++ % sizes.length] as number;
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function parts(stream: ReadableStream<Uint8Array>, boundary: string, limit = 1_000_000): Promise<FormPart[]> {
  const all: FormPart[] = [];
  for await (const part of readMultipart(stream, boundary, { length: 0, limit })) all.push(part);
  return all;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("a multipart form", () => {
  it("is read the same, however its bytes are cut", async () => {
    const noise = crypto.getRandomValues(new Uint8Array(5_000));
    // Looks like the boundary's beginning, over and over, without ever being one.
    const lookalike = bytesOf("\r\n--\r\n--bound\r\n-".repeat(300));
    const form = new FormData();
    form.set("clone_id", "clone_1");
    form.append("file", new File([noise], "noise “ü”.bin"));
    form.append("file", new File([lookalike], "lookalike.txt"));
    form.append("file", new File([], "empty.txt"));
    const request = new Response(form);
    const boundary = boundaryOf(request.headers.get("Content-Type") ?? "") ?? "";
    const bytes = await new Response(form, { headers: request.headers }).bytes();
    const sent = new TextDecoder("latin1").decode(bytes).split("\r\n")[0]?.slice(2) ?? boundary;
    for (const sizes of [[1], [7, 1, 64], [bytes.length], [1_000]]) {
      const read = await parts(inPieces(bytes, sizes), sent);
      expect(read.map(({ name, filename }) => [name, filename])).toEqual([
        ["clone_id", null],
        ["file", "noise “ü”.bin"],
        ["file", "lookalike.txt"],
        ["file", "empty.txt"],
      ]);
      expect(read.map((part) => part.bytes)).toEqual([bytesOf("clone_1"), noise, lookalike, new Uint8Array()]);
    }
  });

  it("gives names as clients write them", async () => {
    const head = (disposition: string) =>
      `--x\r\nContent-Type: text/plain\r\ncontent-disposition: ${disposition}\r\n\r\nhi\r\n`;
    const body = [
      head('form-data; name="file"; filename="a \\"b\\".txt"'),
      head('form-data; name="file"; filename="a %22b%22.txt"'),
      head("form-data; name=file; filename=plain.txt"),
      head('form-data; name="file"; filename="x"; filename*=UTF-8\'\'na%C3%AFve.txt'),
    ].join("");
    const read = await parts(inPieces(bytesOf(`preamble\r\n${body}--x--\r\n`), [9]), "x");
    expect(read.map(({ filename }) => filename)).toEqual(['a "b".txt', 'a "b".txt', "plain.txt", "naïve.txt"]);
  });

  it.each([
    ["ends in the middle of a file", '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'],
    ["ends in a head", "--x\r\nContent-Dis"],
    ["has no boundary", "just text"],
    ["has a part without a name", "--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--"],
    ["has a head without end", `--x\r\nContent-Disposition: ${"a".repeat(40_000)}`],
    ["has rubbish behind a boundary", "--xyz"],
    [
      "has a part above the limit",
      `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n${"b".repeat(2_000)}\r\n--x--`,
    ],
  ])("that %s is malformed", async (_name, body) => {
    await expect(parts(inPieces(bytesOf(body), [100]), "x", 1_000)).rejects.toThrow(MalformedForm);
  });

  it("is known by its type and boundary alone", () => {
    expect(boundaryOf('multipart/form-data; boundary="a b"')).toBe("a b");
    expect(boundaryOf("Multipart/Form-Data;charset=utf-8; boundary=xyz")).toBe("xyz");
    for (const type of ["", "application/json", "multipart/form-data", "multipart/mixed; boundary=x"])
      expect(boundaryOf(type)).toBeNull();
  });
});
