import type { Clock } from "../clock.ts";
import type { ZipEntry } from "../zip-stream.ts";

async function* bytesOf(value: unknown) {
  yield new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

async function* bytesOfEach(values: AsyncIterable<unknown>) {
  const encoder = new TextEncoder();
  let separator = "[\n";
  for await (const value of values) {
    yield encoder.encode(separator + JSON.stringify(value));
    separator = ",\n";
  }
  yield encoder.encode(separator === "[\n" ? "[]\n" : "\n]\n");
}

/** A JSON file of an archive that holds one value. */
export const jsonFile = ({ clock }: { clock: Clock }, name: string, value: unknown): ZipEntry => ({
  name,
  modifiedAt: clock.now(),
  body: bytesOf(value),
});

/** A JSON file of an archive that holds a list, which may be longer than fits into memory. */
export const jsonListFile = ({ clock }: { clock: Clock }, name: string, values: AsyncIterable<unknown>): ZipEntry => ({
  name,
  modifiedAt: clock.now(),
  body: bytesOfEach(values),
});
