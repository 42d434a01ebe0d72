import { expect, it } from "vitest";
import { assembleDocument } from "./parsed-document.ts";
import { statementsOf } from "./statements.ts";

const of = (text: string) => statementsOf(assembleDocument([{ text, page: 4, section: null }], 4));

it("a statement is what a sentence says numbers of, however it is put", () => {
  const [statement] = of("Intro without any. The warranty of the pump lasts 24 months.");
  expect(statement).toMatchObject({
    numbers: "24",
    quote: "The warranty of the pump lasts 24 months.",
    page: 4,
    start: 19,
  });
  expect(of("The pump’s warranty lasted 12 months.")[0]?.about).not.toBeUndefined();
  expect(of("Warranty of a pump: lasting 12 months.")[0]?.about).toBe(statement?.about);
});

it("forms, tables and page numbers state nothing", () => {
  expect(of("Invoice number of customer is 17. Invoice number of customer is 18.")).toEqual([]);
  expect(of("Page 3 of 12, it says here.")).toEqual([]);
  expect(of("Name: Pump | Warranty: long | Months: 24")).toEqual([]);
});
