import { describe, expect, it } from "vitest";
import { SectionPath } from "./section-path.ts";

describe("the path of headings", () => {
  it("goes out of a section where one of its level or further out begins", () => {
    const path = new SectionPath();
    expect(path.current).toBeNull();
    expect(path.enter(1, "Garden")).toBe("Garden");
    expect(path.enter(3, "Pears\n  and › quinces")).toBe("Garden › Pears and > quinces");
    expect(path.enter(2, "Vines")).toBe("Garden › Vines");
    expect(path.enter(1, "Kitchen")).toBe("Kitchen");
  });

  it("keeps the nearest headings where it grows too long", () => {
    const path = new SectionPath();
    for (let level = 0; level < 2_000; level++) path.enter(level, `Heading number ${level}`);
    expect(path.current).toMatch(/ › Heading number 1999$/);
    expect(path.current?.length).toBeLessThanOrEqual(200);
    expect(path.enter(1_999, "𠮷".repeat(500))).toMatch(/𠮷…$/);
  });
});
