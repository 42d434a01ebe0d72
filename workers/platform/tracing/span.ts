import type { TraceContext } from "./trace-context.ts";

export type Attribute = string | number | boolean | string[];
/** What is said of a span; what is null or undefined is not known, and left out. */
export type Attributes = Record<string, Attribute | null | undefined>;

/** A span as it is kept and sent. */
export interface SpanRecord extends TraceContext {
  name: string;
  parentId: string | null;
  /** ms since the epoch; `endedAt` is null while it goes on. */
  startedAt: number;
  endedAt: number | null;
  attributes: Record<string, Attribute>;
  /** Why it failed, in a word; null where it did not. */
  error: string | null;
  /** What was asked and answered: only sent, and only where that is allowed. */
  content: Record<string, string>;
}

/** Of one trace, so many spans are kept. */
const mostSpans = 128;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The spans of one trace that begin in this process. Their ids are drawn once, when one is first needed, and counted up from there. */
class Spans {
  readonly #parent: TraceContext | null;
  readonly records: SpanRecord[] = [];
  readonly taken = new Set<SpanRecord>();
  isTracedByRuntime = true;
  #ids: { traceId: string; own: string } | null = null;
  #made = 0;

  constructor(parent: TraceContext | null) {
    this.#parent = parent;
  }

  #drawn() {
    if (!this.#ids) {
      const drawn = hex(crypto.getRandomValues(new Uint8Array(20)));
      this.#ids = { traceId: this.#parent?.traceId ?? drawn.slice(0, 32), own: drawn.slice(32) };
    }
    return this.#ids;
  }

  /** A span's place, and that which it stands below. */
  place(below: TraceContext | null) {
    this.#made += 1;
    const { traceId, own } = this.#drawn();
    const spanId = own + this.#made.toString(16).padStart(8, "0");
    return { traceId, spanId, parentId: (below ?? this.#parent)?.spanId ?? null };
  }

  keep(record: SpanRecord): void {
    if (this.records.length < mostSpans) this.records.push(record);
  }
}

/** A part of what is being done, with how long it took. Plain objects in memory: nothing is awaited, stored or sent while it goes on. */
export class Span {
  readonly #spans: Spans;
  readonly #name: string;
  readonly #startedAt: number;
  readonly #below: Span | null;
  #record: SpanRecord | null = null;

  private constructor(spans: Spans, below: Span | null, name: string, startedAt: number) {
    this.#spans = spans;
    this.#below = below;
    this.#name = name;
    this.#startedAt = startedAt;
  }

  /** The first span here, of a trace of its own, or of the one that `parent` is in. */
  static root(name: string, { parent = null, startedAt = Date.now() }: Partial<RootOptions> = {}): Span {
    return new Span(new Spans(parent), null, name, startedAt);
  }

  /** Begins a span below this one. */
  open(name: string, attributes: Attributes = {}, startedAt: number = Date.now()): Span {
    const span = new Span(this.#spans, this, name, startedAt);
    span.set(attributes);
    return span;
  }

  /** It, once something is known of it or stands below it: a request that nothing is traced of costs nothing. */
  get #kept(): SpanRecord {
    if (this.#record) return this.#record;
    const place = this.#spans.place(this.#below ? this.#below.#kept : null);
    const record = { ...place, name: this.#name, startedAt: this.#startedAt, endedAt: null };
    this.#record = { ...record, attributes: {}, error: null, content: {} };
    this.#spans.keep(this.#record);
    return this.#record;
  }

  get isUsed(): boolean {
    return this.#record !== null;
  }

  /** Whether the runtime's own tracing may follow this part of the trace: asking it for a span costs more than all else here. */
  get isTracedByRuntime(): boolean {
    return this.#spans.isTracedByRuntime;
  }

  set isTracedByRuntime(isTraced: boolean) {
    this.#spans.isTracedByRuntime = isTraced;
  }

  /** Where it stands, for what is done for it elsewhere. */
  get context(): TraceContext {
    const { traceId, spanId } = this.#kept;
    return { traceId, spanId };
  }

  get attributes(): Readonly<Record<string, Attribute>> {
    return this.#kept.attributes;
  }

  /** Every span of this process's part of the trace, in the order in which they began. */
  get records(): readonly SpanRecord[] {
    return this.#spans.records;
  }

  set(attributes: Attributes): void {
    const { attributes: known } = this.#kept;
    for (const [name, value] of Object.entries(attributes))
      if (value !== null && value !== undefined) known[name] = value;
  }

  /** Says what was asked or answered. */
  say(name: string, content: string): void {
    this.#kept.content[name] = content;
  }

  /** Says why it failed, in a word; what was said first counts. */
  fail(why: string): void {
    this.#kept.error ??= why;
  }

  end(at: number = Date.now()): void {
    this.#kept.endedAt ??= at;
  }

  /** What has ended and was not taken before, to be sent. */
  take(): SpanRecord[] {
    const { records, taken } = this.#spans;
    const ended = records.filter((record) => record.endedAt !== null && !taken.has(record));
    for (const record of ended) taken.add(record);
    return ended;
  }
}

interface RootOptions {
  parent: TraceContext | null;
  startedAt: number;
}
