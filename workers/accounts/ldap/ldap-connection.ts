import { connect } from "cloudflare:sockets";
import {
  BerReader,
  BindRequest,
  ExtendedRequest,
  type Message,
  SearchEntry,
  SearchRequest,
  UnbindRequest,
} from "ldapts";
import type { Directory } from "./ldap-directory.ts";
import { DirectoryError } from "./ldap-error.ts";

/** All that one sign-in may read. An answer has two entries at most, of a few short attributes each. */
const mostBytes = 256 * 1024;
const patienceSeconds = 10;
const startTls = "1.3.6.1.4.1.1466.20037";

/** Answers by the tags of RFC 4511. */
const tags = { bind: 0x61, entry: 0x64, searchDone: 0x65, reference: 0x73, extended: 0x78 } as const;
type Tag = (typeof tags)[keyof typeof tags];

type Answer = { tag: typeof tags.entry; entry: SearchEntry } | { tag: Tag; code: number; message: string };

/** What is asked for below the base. */
interface Search {
  filter: SearchRequest["filter"];
  attributes: string[];
}

/**
 * A conversation with a directory: one question at a time, with the library's messages over a socket of the platform, as its own client
 * cannot do STARTTLS here. Every method throws `DirectoryError` for an answer that is none.
 */
export class LdapConnection {
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #buffer = Buffer.alloc(0);
  #received = 0;
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = watched(socket);
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
  }

  static open({ hostname, port, transport }: Directory): LdapConnection {
    try {
      return new LdapConnection(connect({ hostname, port }, { secureTransport: transport, allowHalfOpen: false }));
    } catch (error) {
      throw failed(error);
    }
  }

  /** Goes on encrypted. */
  async secure(): Promise<void> {
    const request = (messageId: number) => new ExtendedRequest({ messageId, oid: startTls });
    const { code, message } = await this.#ask(request, tags.extended);
    if (code !== 0) throw new DirectoryError(`The directory refused STARTTLS with ${code}: ${message}`);
    // What somebody between may have added in plain text must not be read as if it had come encrypted.
    if (this.#buffer.length > 0) throw new DirectoryError("There was more behind the answer to STARTTLS");
    try {
      this.#reader.releaseLock();
      this.#writer.releaseLock();
      this.#socket = watched(this.#socket.startTls());
      this.#reader = this.#socket.readable.getReader();
      this.#writer = this.#socket.writable.getWriter();
    } catch (error) {
      throw failed(error);
    }
  }

  /** The code that a bind is answered with: 0 where name and password are right. */
  async bind(dn: string, password: string): Promise<{ code: number; message: string }> {
    // To bind without a name or a password is to be nobody, which directories answer with success (RFC 4513 5.1).
    if (dn === "" || password === "") throw new DirectoryError("A bind without a name or a password shows nothing");
    return this.#ask((messageId) => new BindRequest({ messageId, dn, password }), tags.bind);
  }

  /** The entries that match, and the code at their end. Referrals to other servers are not followed. */
  async search(base: string, { filter, attributes }: Search) {
    const entries: SearchEntry[] = [];
    // Two are enough to know that it is not one.
    const limits = { sizeLimit: 2, timeLimit: patienceSeconds };
    const request = (messageId: number) =>
      new SearchRequest({
        messageId,
        baseDN: base,
        scope: "sub",
        derefAliases: "never",
        filter,
        attributes,
        ...limits,
      });
    const { code, message } = await this.#ask(request, tags.searchDone, (entry) => entries.push(entry));
    return { entries, code, message };
  }

  /** Says goodbye, without waiting for whether it is heard: there may be nobody any more. */
  close(): void {
    const goodbye = async () => this.#writer.write(new UnbindRequest({ messageId: this.#lastId + 1 }).write());
    const hangUp = async () => this.#socket.close();
    for (const say of [goodbye, hangUp]) say().catch(() => undefined);
  }

  /** Sends a request; the answer with `tag` that ends it. */
  async #ask(request: (messageId: number) => Message, tag: Tag, onEntry?: (entry: SearchEntry) => void) {
    this.#lastId += 1;
    try {
      await this.#writer.write(request(this.#lastId).write());
      for (;;) {
        const answer = parse(await this.#frame(), this.#lastId);
        if ("entry" in answer && onEntry) onEntry(answer.entry);
        else if ("code" in answer && answer.tag === tag) return answer;
        else if (answer.tag !== tags.reference || !onEntry)
          throw new DirectoryError(`The directory answered out of turn, with 0x${answer.tag.toString(16)}`);
      }
    } catch (error) {
      throw failed(error);
    }
  }

  /** The bytes of the next message. */
  async #frame(): Promise<Buffer> {
    for (;;) {
      const length = lengthOf(this.#buffer);
      if (length > mostBytes) throw new DirectoryError("The directory's answer is too large");
      if (length > 0 && this.#buffer.length >= length) {
        const frame = this.#buffer.subarray(0, length);
        this.#buffer = this.#buffer.subarray(length);
        return frame;
      }
      const { done, value } = await this.#reader.read();
      if (done) throw new DirectoryError("The directory closed the connection");
      this.#received += value.length;
      if (this.#received > mostBytes) throw new DirectoryError("The directory's answer is too large");
      this.#buffer = Buffer.concat([this.#buffer, value]);
    }
  }
}

const failed = (error: unknown) =>
  error instanceof DirectoryError ? error : new DirectoryError("The connection to the directory failed", error);

/** What befalls a socket shows in what is read and written; its own promises would only be rejections that nobody handles. */
function watched(socket: Socket): Socket {
  for (const promise of [socket.opened, socket.closed]) promise.catch(() => undefined);
  return socket;
}

/** How many bytes the message has that begins here; 0 where that is not to be seen yet. */
function lengthOf(buffer: Buffer): number {
  const reader = new BerReader(buffer);
  if (reader.readSequence(0x30) === null) return 0;
  // Four bytes of length with the first bit set come out negative.
  return reader.length < 0 ? Number.POSITIVE_INFINITY : reader.offset + reader.length;
}

function parse(frame: Buffer, messageId: number): Answer {
  const reader = new BerReader(frame);
  reader.readSequence(0x30);
  const id = reader.readInt();
  const tag = reader.readSequence();
  if (id !== messageId) throw new DirectoryError(`The directory answered ${id}, and was asked ${messageId}`);
  if (tag === tags.entry) {
    const entry = new SearchEntry({ messageId });
    entry.parse(reader, []);
    return { tag, entry };
  }
  if (tag === tags.reference) return { tag, code: 0, message: "" };
  const code = reader.readEnumeration();
  const known = Object.values(tags).find((each) => each === tag);
  // The library takes a code that is missing for success.
  if (code === null || known === undefined) throw new DirectoryError("The directory's answer cannot be read");
  reader.readString();
  return { tag: known, code, message: reader.readString() ?? "" };
}

/**
 * Works with a directory for ten seconds at most; whatever comes of it, the connection is closed. Throws `DirectoryError`, and what
 * `work` throws.
 */
export async function withDirectory<T>(directory: Directory, work: (ldap: LdapConnection) => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLong = () => reject(new DirectoryError(`The directory did not answer within ${patienceSeconds} seconds`));
    timer = setTimeout(tooLong, patienceSeconds * 1000);
  });
  const ldap = LdapConnection.open(directory);
  const whole = async () => {
    if (directory.transport === "starttls") await ldap.secure();
    return work(ldap);
  };
  try {
    return await Promise.race([whole(), late]);
  } finally {
    clearTimeout(timer);
    ldap.close();
  }
}
