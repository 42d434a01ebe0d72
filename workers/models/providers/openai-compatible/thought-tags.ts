/** What is known of how a model parts its thoughts from its answers, learned from those before. */
export interface ThoughtHabits {
  /** It closes thoughts that it never opened: the opening tag stands in its prompt. */
  omitsOpening: boolean;
  /** It has answered without a thought in its text. */
  isPlain: boolean;
}

/** Tags of thoughts at an answer’s beginning, as the models of many makers write them. */
const pairs = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["<reasoning>", "</reasoning>"],
  ["<seed:think>", "</seed:think>"],
  ["[think]", "[/think]"],
  ["◁think▷", "◁/think▷"],
  ["<|begin_of_thought|>", "<|end_of_thought|>"],
  ["<|channel|>analysis<|message|>", "<|channel|>final<|message|>"],
] as const;
/** Those that also stand between two parts of an answer. */
const between = pairs.slice(0, 2);
const closings = pairs.map(([, close]) => close);
const longestTag = Math.max(...pairs.flat().map(({ length }) => length));

/** How thoughts begin whose opening tag is left out; such a beginning waits for what tells. */
const thoughtful =
  "okay,|okay.|okay so|ok,|ok so|alright|hmm|the user|user asks|user wants|we need to|we are asked|we have to|let me|let's|i need to|i should|i have to|first, i|so, the user|so the user|so i|wait,|der nutzer|der benutzer|ich muss|ich soll|l'utilisateur|l’utilisateur|je dois|el usuario|tengo que|o usuário|l'utente|de gebruiker|kullanıcı|пользователь|мне нужно|المستخدم|好的|嗯|用户|我需要|ユーザー|사용자".split(
    "|",
  );
const thinkers = /(?:^|[-_/.:])(?:r1|qwq|reasoner|reasoning|thinking|think|magistral)(?:[-_.:]|$)/i;
/** What nobody can tell yet is not kept longer than this. */
const mostKept = 100_000;

/** What models of open weights say when they have ended, where their server does not know it. */
const endings = [
  ...["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|endoftext|>", "<|end_of_text|>", "<|end|>"],
  ...["<end_of_turn>", "</s>"],
];

/** Whether a place in a Markdown text is in a fenced block of code. Reads each line once. */
class Fences {
  #unread = "";
  #fence = "";

  add(text: string): void {
    this.#unread += text;
  }

  get isOpen(): boolean {
    const lines = this.#unread.split("\n");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (mark === undefined) continue;
      if (this.#fence === "") this.#fence = mark;
      else if (mark[0] === this.#fence[0] && mark.length >= this.#fence.length) this.#fence = "";
    }
    return this.#fence !== "";
  }
}

function isInCode(text: string): boolean {
  const fences = new Fences();
  fences.add(text);
  return fences.isOpen;
}

/** Text that waits for a closing tag. What is looked at is its end alone: thoughts come in thousands of pieces. */
class Kept {
  #pieces: string[] = [];
  #tail = "";
  length = 0;

  /** Takes more; returns what stands before the first of some tags, it, and what stands behind, once there is one. A tag in inline code is none. */
  add(piece: string, tags: readonly string[]): [before: string, tag: string, behind: string] | null {
    this.#pieces.push(piece);
    this.length += piece.length;
    const recent = this.#tail + piece;
    this.#tail = recent.slice(-longestTag);
    const lower = recent.toLowerCase();
    for (const tag of tags) {
      let at = lower.indexOf(tag);
      while (at > 0 && recent[at - 1] === "`") at = lower.indexOf(tag, at + 1);
      if (at < 0) continue;
      const from = this.length - recent.length + at;
      const all = this.take();
      const to = from + tag.length;
      return [all.slice(0, from), all.slice(from, to), all.slice(to)];
    }
    return null;
  }

  take(): string {
    const all = this.#pieces.join("");
    this.#pieces = [];
    this.#tail = "";
    this.length = 0;
    return all;
  }
}

/** Who is told what a text holds. */
interface Told {
  said(kind: "text" | "reasoning", piece: string): void;
  /** Something came of which nobody can say yet what it is. */
  alive(): void;
}

/**
 * Parts an answer’s text from the thoughts that stand in it between tags, however it is cut. Thoughts stand at the beginning, with or without their opening tag,
 * or on lines of their own; a tag within a line or in code is a text about tags.
 */
export class ThoughtTags {
  readonly #told: Told;
  readonly #habits: ThoughtHabits;
  readonly #isThinker: boolean;
  #state: "start" | "text" | "thought" | "pending" | "between" = "start";
  #close = "";
  /** Whether in thoughts others have begun on a line of their own: what follows the first closing tag may be thoughts still. */
  #isNested = false;
  #hasWords = false;
  /** What has come and waits for the next characters. */
  #held = "";
  /** What has come since a tag that may have opened thoughts, or since a beginning that looks like some. */
  readonly #kept = new Kept();
  /** The end of what was told as text. */
  #before = "";
  readonly #fences = new Fences();
  #hasThought = false;
  #hasText = false;

  constructor(modelName: string, habits: ThoughtHabits, told: Told) {
    this.#told = told;
    this.#habits = habits;
    this.#isThinker = thinkers.test(modelName);
  }

  /** The server tells thoughts apart by itself. */
  tellsApart(): void {
    this.#hasThought = true;
  }

  push(piece: string): void {
    if (this.#state === "text" && this.#held === "" && !piece.includes("<")) {
      this.#text(piece);
      return;
    }
    this.#held += piece;
    while (this.#held !== "" && this.#step());
    if (this.#held !== "" || this.#kept.length > 0) this.#told.alive();
  }

  /** Goes on with what is held; false where it has to wait for more. */
  #step(): boolean {
    switch (this.#state) {
      case "start":
        return this.#start();
      case "thought":
        return this.#thought();
      case "pending":
      case "between":
        return this.#keep();
      case "text":
        return this.#line();
    }
  }

  #text(text: string): void {
    if (text === "") return;
    this.#hasText = true;
    this.#fences.add(text);
    this.#before = (text.length < 16 ? this.#before + text : text).slice(-16);
    this.#told.said("text", text);
  }

  #reason(text: string): void {
    this.#hasThought = true;
    if (text !== "") this.#told.said("reasoning", text);
  }

  #start(): boolean {
    const text = this.#held.trimStart();
    const head = text.slice(0, longestTag).toLowerCase();
    // In brackets it is a word like any other, but for how Mistral's models write it.
    const opened = pairs.find(([open]) => head.startsWith(open) && (open !== "[think]" || text.startsWith("[THINK]")));
    const tag = opened?.[0] ?? closings.find((close) => head.startsWith(close));
    if (tag) {
      this.#hasThought = true;
      this.#held = text.slice(tag.length);
      if (opened) [this.#state, this.#close] = ["thought", opened[1]];
      return true;
    }
    // The beginnings that wait for what tells, of a model of which nothing is known.
    const waiting = this.#hasThought || this.#habits.isPlain ? [] : thoughtful;
    if ([...pairs.flat(), ...waiting].some((each) => each.length > text.length && each.startsWith(head))) return false;
    const isHeld = this.#habits.omitsOpening || (this.#isThinker && !this.#habits.isPlain);
    const waits = waiting.some((words) => head.startsWith(words)) || (isHeld && !this.#hasThought);
    this.#state = waits ? "pending" : "text";
    if (this.#hasThought) this.#held = text;
    return true;
  }

  #thought(): boolean {
    const text = this.#held.toLowerCase();
    let at = text.indexOf(this.#close);
    while (at > 0 && text[at - 1] === "`") at = text.indexOf(this.#close, at + 1);
    if (at >= 0) {
      this.#think(this.#held.slice(0, at));
      this.#held = this.#held.slice(at + this.#close.length);
      [this.#state, this.#isNested] = [this.#isNested ? "between" : "start", false];
      return true;
    }
    const tail = text.slice(-this.#close.length);
    const from = tail.indexOf(this.#close[0] ?? "");
    // The character before the tag tells whether it is code.
    const told = Math.max(0, text.length - (from < 0 ? 1 : tail.length - from + 1));
    this.#think(this.#held.slice(0, told));
    this.#held = this.#held.slice(told);
    return false;
  }

  #think(piece: string): void {
    if ((this.#hasWords ? /\n<think(?:ing)?>/i : /\S\s*\n<think(?:ing)?>/i).test(piece)) this.#isNested = true;
    this.#hasWords ||= piece.trim() !== "";
    this.#reason(piece);
  }

  #keep(): boolean {
    const piece = this.#held;
    this.#held = "";
    const closed = this.#kept.add(piece, this.#state === "pending" ? closings : [this.#close]);
    if (closed && this.#state === "pending" && isInCode(closed[0])) {
      this.#held = closed.join("");
      this.#state = "text";
    } else if (closed) {
      const [before, , behind] = closed;
      if (this.#state === "pending") this.#habits.omitsOpening = true;
      this.#reason(before.replace(/^<think(?:ing)?>/i, ""));
      this.#held = behind;
      this.#state = "start";
    } else if (this.#kept.length > mostKept) {
      this.#text(this.#kept.take());
      this.#state = "text";
    }
    return closed !== null;
  }

  /** Tells text up to a tag at the beginning of a line, or to what may turn out to be one. */
  #line(): boolean {
    const text = this.#held;
    for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
      const rest = text.slice(at, at + longestTag + 1).toLowerCase();
      const isLast = text.length - at <= longestTag;
      const may = (tag: string) => isLast && tag.startsWith(rest.trimEnd());
      if (endings.some(may)) return this.#tell(at, false);
      if (!/(?:^|\n) {0,3}$/.test(this.#before + text.slice(Math.max(0, at - 16), at))) continue;
      if (between.flat().some((tag) => rest !== tag && may(tag))) return this.#tell(at, false);
      const pair = between.find(([open, close]) => rest.startsWith(open) || rest.startsWith(close));
      if (pair) return this.#tagged(at, pair, rest.startsWith(pair[0]));
    }
    return this.#tell(text.length, false);
  }

  #tell(upTo: number, goesOn: boolean): boolean {
    this.#text(this.#held.slice(0, upTo));
    this.#held = this.#held.slice(upTo);
    return goesOn;
  }

  /** A tag that stands at the beginning of a line. */
  #tagged(at: number, [open, close]: readonly [string, string], isOpening: boolean): boolean {
    this.#tell(at, true);
    if (this.#fences.isOpen) return this.#tell(1, true);
    if (isOpening) {
      this.#kept.add(this.#held.slice(0, open.length), []);
      this.#held = this.#held.slice(open.length);
      [this.#state, this.#close] = ["between", close];
      return true;
    }
    const behind = this.#held.slice(close.length);
    if (behind === "") return false;
    // Alone on its line: what stood before it were thoughts, which nobody could know. Those of the next answer will be known.
    if (!/^[ \t]*\n/.test(behind)) return this.#tell(close.length, true);
    this.#habits.omitsOpening = true;
    this.#held = behind.trimStart();
    return true;
  }

  /** The answer is over: what was kept is what it looks like. Where it was cut off, a model that thinks had not come to its answer. */
  end(isCut: boolean): void {
    const held = this.#kept.take() + this.#held;
    this.#held = "";
    const wasThinking = this.#state === "pending" && isCut && (this.#habits.omitsOpening || this.#isThinker);
    const isTag = [...endings, ...closings].includes(held.trim().toLowerCase());
    if (this.#state === "thought" || wasThinking) this.#reason(held);
    else if (!isTag && (this.#hasText || held.trim() !== "")) this.#text(held);
    if (this.#hasText && !this.#hasThought) this.#habits.isPlain = true;
  }
}
