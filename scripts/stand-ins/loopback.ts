import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that is up: where, and what ends it with all its connections. */
export interface OnLoopback {
  url: string;
  close(): Promise<void>;
}

/** Has a server listen on `port` (0 for any free one) of the loopback address; `path` is what stands behind that in its address. */
export async function onLoopback(server: Server, path = "", port = 0): Promise<OnLoopback> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
