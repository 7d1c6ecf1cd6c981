// A small HTTP server that answers as an on-call service does, and remembers what it was asked.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OnCallService {
  readonly url: string;
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** What it answers from now on; `body` null: it hangs up. */
  answer: { readonly status: number; readonly body: string | null; readonly location?: string };
  close(): Promise<void>;
}

export async function openOnCallService(): Promise<OnCallService> {
  const server = createServer((request, response) => {
    service.asked.push({ path: request.url ?? '', headers: request.headers });
    const { status, body, location } = service.answer;
    if (body === null) request.socket.destroy();
    else response.writeHead(status, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const service: OnCallService = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    answer: { status: 200, body: '{}' },
    close: () => new Promise((resolve) => void server.close(() => { resolve(); })),
  };
  return service;
}
