/** Translates `workers/passages/engine/products.wat` for the Worker: `npm run script -- make-products-wasm.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const source = new URL("../workers/passages/engine/products.wat", import.meta.url);
const target = new URL("../workers/passages/engine/products.wasm", import.meta.url);

/** The module that the source describes, as bytes. */
export async function translateProducts(): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  return parseWat("products.wat", readFileSync(source, "utf8"), { simd: true }).toBinary({}).buffer;
}

/** Whether the translation that is kept is that of the source. */
export async function isProductsTrue(): Promise<boolean> {
  return Buffer.from(await translateProducts()).equals(readFileSync(target));
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, await translateProducts());
