import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Exchange, Fault } from "./start";
import { leadPieces, transcript, WORDS } from "./wires";

const EVENT_STREAM = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };

/** Pieces of a stream and its end; each piece is a read of its own where `apart` says how many milliseconds lie between. */
export const streams =
  (pieces: (exchange: Exchange) => Iterable<string | Buffer>, headers: Record<string, string> = EVENT_STREAM): Fault =>
  async (exchange) => {
    const { response } = exchange;
    response.writeHead(200, headers);
    for (const piece of pieces(exchange)) if (!response.destroyed) response.write(piece);
    response.end();
  };

/** Sends a body with a status; an object in the form of the wire where it is a refusal. */
export const replies =
  (status: number, body: string | Buffer, headers: Record<string, string> = JSON_TYPE): Fault =>
  ({ response }) => {
    response.writeHead(status, headers);
    response.end(body);
  };

/** The sound answer, streamed or whole as it was asked for. */
export const answers: Fault = (exchange) => says(WORDS)(exchange);

export const says =
  (said: string[], usage = true): Fault =>
  (exchange) => {
    if (exchange.stream) return streams(({ wire }) => transcript(wire, { said, usage }))(exchange);
    return replies(200, JSON.stringify(exchange.wire.whole(said.join(""))))(exchange);
  };

export const refusesWith =
  (status: number, { headers = {}, word }: { headers?: Record<string, string>; word?: string } = {}): Fault =>
  ({ wire, response }) => {
    response.writeHead(status, { ...JSON_TYPE, ...headers });
    response.end(JSON.stringify(wire.refusal(status, "Something is wrong", word)));
  };

/** Takes the request and says nothing at all. */
export const neverAnswers: Fault = () => {};

/** The head, and then nothing. */
export const onlyHead: Fault = ({ response, stream }) => {
  response.writeHead(200, stream ? EVENT_STREAM : JSON_TYPE);
  response.flushHeaders();
};

/** The first pieces of the sound answer, and then whatever. */
const after =
  (pieces: number | ((exchange: Exchange) => number), then: Fault, said = WORDS): Fault =>
  async (exchange) => {
    const { wire, response } = exchange;
    const count = typeof pieces === "number" ? pieces : pieces(exchange);
    response.writeHead(200, EVENT_STREAM);
    response.flushHeaders();
    for (const piece of transcript(wire, { said }).slice(0, count)) response.write(piece);
    // What came before must have been read: one who dies takes his unread words with him.
    await sleep(15);
    await then(exchange);
  };

const wordsIn = (words: number) => (exchange: Exchange) => leadPieces(exchange.wire) + words;
/** All of the words, and why it stopped. */
const finished = (exchange: Exchange) => leadPieces(exchange.wire) + WORDS.length + 1;

const dies: Fault = ({ socket }) => void socket.destroy();
const resets: Fault = ({ socket }) => void socket.resetAndDestroy();
const ends: Fault = ({ response }) => void response.end();

/** Cut after so many words. */
export const diesAfter = (words: number) => after(wordsIn(words), dies);
export const resetsAfter = (words: number) => after(wordsIn(words), resets);
/** Ended in good form after so many words, without having said why. */
export const endsAfter = (words: number) => after(wordsIn(words), ends);
/** Silent after so many words, with the connection open. */
export const hangsAfter = (words: number) => after(wordsIn(words), () => {});
/** An error told after so many words. */
export const tellsErrorAfter = (words: number) =>
  after(wordsIn(words), ({ response, wire }) => void response.end(wire.error("It broke")));
/** Something other than an event of this format, after so many words. */
export const poisonAfter = (words: number, poison: string) =>
  after(wordsIn(words), ({ response }) => void response.end(poison));
export const dropsConnection: Fault = dies;

/** The answer says why it stopped, and then goes wrong. */
export const finishesThen = {
  dies: after(finished, dies),
  resets: after(finished, resets),
  hangs: after(finished, () => {}),
  tellsError: after(finished, ({ response, wire }) => void response.end(wire.error("It broke"))),
  speaksOn: after(finished, ({ response, wire }) => {
    response.write(wire.word(" and more"));
    response.end(wire.finish(true) + wire.usage + wire.end + wire.end + wire.word(" and yet more") + wire.finish(true));
  }),
};

/** Words without end, as fast as they are taken, until the connection is closed; says how much it could write. */
export const endless =
  (text: string, written: { bytes: number } = { bytes: 0 }): Fault =>
  async ({ wire, response, socket }) => {
    response.writeHead(200, EVENT_STREAM);
    const piece = Buffer.from(wire.word(text));
    response.write(wire.lead);
    while (!socket.destroyed) {
      const room = response.write(piece);
      written.bytes += piece.length;
      if (!room) await Promise.race([new Promise((resolve) => response.once("drain", resolve)), sleep(20)]);
      else if (written.bytes % (64 * piece.length) === 0) await new Promise(setImmediate);
      while (!socket.destroyed && response.writableNeedDrain) await sleep(5);
    }
  };

/** A word every so many milliseconds, for as long as the connection is open. */
export const trickles =
  (milliseconds: number): Fault =>
  async ({ wire, response, socket }) => {
    response.writeHead(200, EVENT_STREAM);
    response.write(wire.lead);
    while (!socket.destroyed) {
      response.write(wire.word("word "));
      await sleep(milliseconds);
    }
  };

/** Events that tell nothing, or comments, for as long as the connection is open. */
export const noise =
  (milliseconds: number, comments = false): Fault =>
  async ({ wire, response, socket }) => {
    response.writeHead(200, EVENT_STREAM);
    while (!socket.destroyed) {
      response.write(comments ? ": still here\n\n" : wire.noise);
      await sleep(milliseconds);
    }
  };

/** The bytes of the sound answer as they go over the wire, head and all, each piece a chunk of HTTP. */
export function bytesOf({ wire, stream }: Pick<Exchange, "wire" | "stream">): Buffer {
  const pieces = stream ? transcript(wire) : [JSON.stringify(wire.whole(WORDS.join("")))];
  const type = stream ? "text/event-stream" : "application/json";
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
  const chunks = pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
  return Buffer.from(`${head}${chunks.join("")}0\r\n\r\n`);
}

/** So many bytes of the sound answer, and then the connection is closed. */
export const cutAtByte =
  (bytes: number): Fault =>
  (exchange) => {
    exchange.socket.end(bytesOf(exchange).subarray(0, bytes));
  };

/** The sound answer in pieces of so many bytes, each a packet of its own. */
export const inPiecesOf =
  (bytes: number, said: string[]): Fault =>
  async ({ wire, response, socket }) => {
    socket.setNoDelay(true);
    const whole = Buffer.from(transcript(wire, { said }).join(""));
    response.writeHead(200, EVENT_STREAM);
    for (let at = 0; at < whole.length; at += bytes) {
      response.write(whole.subarray(at, at + bytes));
      await new Promise(setImmediate);
    }
    response.end();
  };

export const html = replies(200, "<!doctype html><html><body>Bad gateway</body></html>", {
  "content-type": "text/html; charset=utf-8",
});
export const emptyBody: Fault = (exchange) => replies(200, "", exchange.stream ? EVENT_STREAM : JSON_TYPE)(exchange);
export const nothingButEnd: Fault = (exchange) => streams(({ wire }) => [wire.end || "\n\n"])(exchange);
export const wrongType: Fault = (exchange) =>
  replies(200, JSON.stringify(exchange.wire.refusal(500, "no stream")), JSON_TYPE)(exchange);
export const truncatedJson: Fault = (exchange) => {
  const text = JSON.stringify(exchange.wire.whole(WORDS.join("")));
  if (exchange.stream) return streams(() => [`data: ${text.slice(0, -9)}\n\n`])(exchange);
  return replies(200, text.slice(0, -9))(exchange);
};
export const redirects: Fault = (exchange) => replies(302, "", { location: "http://127.0.0.1:9/elsewhere" })(exchange);
let bomb: Buffer | undefined;

/** A thousand times as long, unpacked. */
export const gzipBomb: Fault = (exchange) => {
  bomb ??= gzipSync(Buffer.alloc(64 * 1024 * 1024, "x"));
  return replies(200, bomb, {
    ...(exchange.stream ? EVENT_STREAM : JSON_TYPE),
    "content-encoding": "gzip",
  })(exchange);
};
export const errorWithOk: Fault = (exchange) => {
  const { wire, stream } = exchange;
  if (stream) return streams(() => [wire.error("It broke")])(exchange);
  return replies(200, JSON.stringify(wire.refusal(500, "It broke")))(exchange);
};
/** One line of so many bytes that never ends. */
export const longLine =
  (bytes: number): Fault =>
  async ({ response, socket }) => {
    response.writeHead(200, EVENT_STREAM);
    response.write("data: ");
    const piece = Buffer.alloc(64 * 1024, "x");
    for (let sent = 0; sent < bytes && !socket.destroyed; sent += piece.length)
      if (!response.write(piece))
        await Promise.race([new Promise((resolve) => response.once("drain", resolve)), sleep(50)]);
    if (!socket.destroyed) response.end("\n\n");
  };
export const notHttp: Fault = ({ socket }) => void socket.end("SSH-2.0-server\r\n");
