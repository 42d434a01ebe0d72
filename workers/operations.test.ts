import { describe, expect, it } from "vitest";
import { z } from "zod";
import { auditActions } from "./audit/actions.ts";
import { operations, undeclared } from "./testing/operations.ts";

/**
 * What comes with fields that we do not choose: what keeps caches away from health checks, what providers send or put into links, what browsers say of a passkey, and what
 * clients of OpenAI’s send along.
 */
const takesMore =
  /^GET \/(?:health|ready)|^(?:GET|POST) \/api\/v1\/auth\/(?:oauth|sso)\/|^POST \/api\/v1\/auth\/passkeys(?:\/sign-in itself| \/properties\/credential|\/sign-in \/properties\/response)|^\w+ \/v1\//;
/** What is asked by POST, as it is too much or too private for an address, and changes nothing. */
const reads = ["POST /api/v1/auth/sso", "POST /api/v1/conversations/search", "POST /api/v1/documents/search"];

/** The paths of objects in a JSON Schema that take what they do not name. */
function* loose(schema: unknown, path = ""): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  const { properties, additionalProperties } = schema as { properties?: object; additionalProperties?: unknown };
  if (properties && additionalProperties !== false) yield path || "itself";
  for (const [name, part] of Object.entries(schema)) yield* loose(part, `${path}/${name}`);
}

describe("the operations", () => {
  it("are all that answers", () => {
    expect(undeclared).toEqual([]);
    expect(operations.size).toBeGreaterThan(150);
  });

  it("have the names that stand in their addresses", () => {
    const inAddress = (route: string) => [...route.matchAll(/:(\w+)/g)].map(([, name]) => name).sort();
    const wrong = [...operations].filter(
      ([route, { params = [] }]) => String(inAddress(route)) !== String([...params].sort()),
    );
    expect(wrong.map(([route]) => route)).toEqual([]);
  });

  it("take nothing that they do not know, however deep", () => {
    const asJson = (contract: z.ZodType) => z.toJSONSchema(contract, { io: "input", unrepresentable: "any" });
    const lenient = [...operations].flatMap(([route, { query, input }]) => {
      const places = [query, input].flatMap((contract) => (contract ? [...loose(asJson(contract))] : []));
      return places.map((place) => `${route} ${place}`);
    });
    expect(lenient.filter((each) => !takesMore.test(each))).toEqual([]);
  });

  it("tell the log what they change, or say why they do not", () => {
    const silent = [...operations].filter(([route, { audit }]) => !route.startsWith("GET ") && audit === undefined);
    expect(silent.map(([route]) => route).sort()).toEqual(reads);
    const told = [...operations.values()].flatMap(({ audit }) =>
      typeof audit === "object" && "nothing" in audit ? [] : [audit].flat(),
    );
    const unknown = told.filter((action) => action !== undefined && !auditActions.some((known) => known === action));
    expect(unknown).toEqual([]);
  });
});
