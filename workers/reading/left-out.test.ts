import { describe, expect, it } from "vitest";
import { LeftOutNotes } from "./left-out.ts";

/** What is told of things that were left out, each with its reason. */
function told(...things: [what: string, reason: string, ...within: string[]][]) {
  const notes = new LeftOutNotes();
  for (const [what, reason, ...within] of things) notes.add(what, reason, within);
  return notes.all();
}

describe("what is left out of a document", () => {
  it("is nothing where all was read", () => expect(told()).toEqual({ count: 0, notes: [] }));

  it("is told by its reasons, with numbers in ranges and the files that it lies in", () => {
    const [scan, film] = ["It is a picture of text.", "This is a video."];
    expect(
      told(
        ...[2, 3, 4, 7].map((page): [string, string] => [`Page ${page}`, scan]),
        ["Slide 9", "It is damaged."],
        ["a.mp4", film],
        ["Page 1", scan, "box.zip", "plan.pdf"],
        ["b.mp4", film],
        ["Page 2", scan, "box.zip", "plan.pdf"],
        ["Drawing", film],
        ["Drawing", film],
      ),
    ).toEqual({
      count: 11,
      notes: [
        { what: "Pages 2–4, 7, box.zip › plan.pdf › Pages 1–2", reason: scan },
        { what: "Slide 9", reason: "It is damaged." },
        { what: "a.mp4, b.mp4, Drawing (2 times)", reason: film },
      ],
    });
  });

  it("is counted, however much it is, and told in few words", () => {
    const pages = told(...Array.from({ length: 9_000 }, (_, i): [string, string] => [`Page ${i + 1}`, "A scan."]));
    expect(pages).toEqual({ count: 9_000, notes: [{ what: "Pages 1–9000", reason: "A scan." }] });
    const odd = told(...Array.from({ length: 500 }, (_, i): [string, string] => [`Page ${2 * i + 1}`, "A scan."]));
    expect(odd).toEqual({
      count: 500,
      notes: [{ what: "Pages 1, 3, 5, 7, 9, 11, 13, 15 and 492 more", reason: "A scan." }],
    });
    const hostile = told(
      ...Array.from({ length: 3_000 }, (_, i): [string, string] => [
        `${i}${"n".repeat(5_000)}`,
        `${i % 40}${"r".repeat(5_000)}`,
      ]),
    );
    expect(hostile.count).toBe(3_000);
    expect(hostile.notes.at(-1)).toEqual({ what: "2100 more", reason: "For other reasons." });
    expect(JSON.stringify(hostile).length).toBeLessThan(15_000);
  });
});
