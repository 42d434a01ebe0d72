import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

const hex = (bytes: string) => Buffer.from(bytes.replaceAll(" ", ""), "hex");

/** A reference to another server, as the answer to the first question; and what says that STARTTLS, or a bind, succeeded. */
const reference = hex("30 09 02 01 01 73 04 04 02 6c 3a");
const mayStartTls = hex("30 0c 02 01 01 78 07 0a 01 00 04 00 04 00");
const bound = hex("30 0c 02 01 02 61 07 0a 01 00 04 00 04 00");

const behaviours = {
  /** Takes what it is asked and says nothing. */
  silent: () => {},
  /** Answers more than anybody asked for. */
  flooding: (socket: Socket) => socket.write(Buffer.alloc(4_000_000, reference)),
  /** Begins a message of two gigabytes. */
  boasting: (socket: Socket) => socket.write(hex("30 84 7f ff ff ff 02 01 01")),
  /** As whoever stands between would: adds to the answer to STARTTLS what would count as the answer to a bind. */
  interposed: (socket: Socket) => socket.write(Buffer.concat([mayStartTls, bound])),
  /** Says that a bind succeeded, with the code left out. */
  cutShort: (socket: Socket) => socket.write(hex("30 05 02 01 01 61 00")),
  /** Is no directory. */
  web: (socket: Socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  /** Hangs up. */
  mute: (socket: Socket) => socket.destroy(),
};

/** Servers that are no good directories, each by its address. */
export async function startMisbehavingDirectories() {
  const sockets = new Set<Socket>();
  const servers = Object.entries(behaviours).map(([name, behave]) => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
      socket.once("data", () => behave(socket));
    });
    return { name, server };
  });
  await Promise.all(servers.map(({ server }) => once(server.listen(0, "127.0.0.1"), "listening")));
  const urls = Object.fromEntries(
    servers.map(({ name, server }) => [name, `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`]),
  ) as Record<keyof typeof behaviours, string>;
  return {
    urls,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map(({ server }) => once(server.close(), "close")));
    },
  };
}
