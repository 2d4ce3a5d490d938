import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node's parser says of bytes that are no request; anything else is malformed. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers bytes that are no HTTP as every other failure, and ends the connection: what follows on it cannot be told apart. */
export function answerUnparsable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = STATUS[error.code ?? ''] ?? 400;
    const title = STATUS_CODES[status] ?? 'Error';
    const code = title.toLowerCase().replaceAll(/\W+/g, '_');
    const body = JSON.stringify({ type: 'about:blank', code, title, status });
    const head = `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${body.length}`;
    socket.end(`${head}\r\n\r\n${body}`);
  });
}
