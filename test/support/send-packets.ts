/** Datagrams that come into this network namespace from any address, which is one of its own for that moment alone. */
import { createSocket } from 'node:dgram';
import { requirePrivateNetwork } from './namespaces.ts';
import { outputOf } from './run-program.ts';

/** What one datagram counts as: 20 or 40 bytes of IP, 8 of UDP, and its content. */
export const PACKET_BYTES = { ipv4: 100, ipv6: 120 } as const;

const CONTENT = Buffer.alloc(72);
const PORT = 9;

/** Sends so many, one after the other, on lo: the kernel is done with each when it is sent. */
export async function sendPackets(from: string, count: number): Promise<void> {
  requirePrivateNetwork();
  const isV6 = from.includes(':');
  const address = [...(isV6 ? [`${from}/128`, 'nodad'] : [`${from}/32`]), 'dev', 'lo'];
  await outputOf(['ip', 'addr', 'add', ...address]);
  const socket = createSocket(isV6 ? 'udp6' : 'udp4');
  // Nobody listens there, which a socket hears of where the packet is not dropped.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.bind(0, from, resolve);
  });
  for (let sent = 0; sent < count; sent += 1)
    await new Promise<void>((resolve) => {
      socket.send(CONTENT, PORT, isV6 ? '::1' : '127.0.0.1', () => {
        resolve();
      });
    });
  await new Promise<void>((resolve) => {
    socket.close(resolve);
  });
  await outputOf(['ip', 'addr', 'del', `${from}/${isV6 ? 128 : 32}`, 'dev', 'lo']);
}
