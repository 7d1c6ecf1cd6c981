// Ports of 127.0.0.1.
import { createServer } from 'node:net';
/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
    return (await tryPort(0)) ?? 0;
}
/** Whether a server could listen on this port now. */
export async function isFree(port) {
    return (await tryPort(port)) !== null;
}
async function tryPort(wanted) {
    const listener = createServer();
    return new Promise((resolve) => {
        listener.once('error', () => resolve(null));
        listener.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
            const address = listener.address();
            const port = typeof address === 'object' && address !== null ? address.port : null;
            listener.close(() => resolve(port));
        });
    });
}
