/** Runs inside a host of the lab and does there what it is asked to over IPC. Ends with the lab. */
import type { Socket } from 'node:net';
import type { Envelope, Reply, Request } from './agent-messages.ts';
import { listen, open, talk, tryConnection } from './tcp.ts';
import { watchConnections } from './watch-connections.ts';

let held: Socket | undefined;

async function answer(request: Request): Promise<Omit<Reply, 'id'>> {
  switch (request.kind) {
    case 'listen':
      await listen(request.port);
      return {};
    case 'try':
      return { outcome: await tryConnection(request, request.timeoutMs) };
    case 'watch': {
      const at = await watchConnections(request, request.wanted, request.limitMs);
      return at === undefined ? {} : { outcome: request.wanted, at };
    }
    case 'hold':
      held = open(request);
      return { outcome: await talk(held, HOLD_MS) };
    case 'talk':
      if (held === undefined) throw new Error('no connection is held');
      return { outcome: await talk(held, request.timeoutMs) };
  }
}

const HOLD_MS = 20_000;

process.on('disconnect', () => {
  process.exit();
});
process.on('message', ({ id, ...request }: Envelope) => {
  const reply = (rest: Omit<Reply, 'id'>): void => {
    process.send?.({ id, ...rest } satisfies Reply);
  };
  answer(request).then(reply, (error: unknown) => {
    reply({ error: String(error) });
  });
});
