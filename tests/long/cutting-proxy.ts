import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** One connection through the proxy, as it is to be meddled with. */
export type Line = {
  /** Both ends are cut, without a word. */
  cut: () => void;
  /** What was kept back, or anything else. */
  toClient: (data: Buffer) => void;
  /** Anything a test wants to remember of it. */
  marked?: string | undefined;
};

type Watch = {
  /** Before what the client sends goes on; false keeps it back. */
  fromClient?: (data: Buffer, line: Line) => boolean | undefined;
  /** Before what the server answers goes back; false keeps it back. */
  fromServer?: (data: Buffer, line: Line) => boolean | undefined;
};

/** A loopback proxy in front of a database, that loses what it is told to lose. */
export async function startCuttingProxy(databaseUrl: string, watch: Watch) {
  const target = Number(new URL(databaseUrl).port);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    const line: Line = {
      cut: () => {
        client.destroy();
        upstream.destroy();
      },
      toClient: (data) => void client.write(data),
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        line.cut();
      });
    }
    client.on("data", (data) => watch.fromClient?.(data, line) !== false && upstream.write(data));
    upstream.on("data", (data) => watch.fromServer?.(data, line) !== false && client.write(data));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(databaseUrl), { port: String(port) }).href,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
