/** Who protected whom, as a matrix of servers: those that were first most often, of what the roll-up counts. */
import type { aheadOf } from '../rollup/ahead.ts';
import type { Ahead } from './report.ts';

/** As many columns as a page has room for. */
const MOST = 8;

/** The matrix. */
export function aheadMatrix(table: ReturnType<typeof aheadOf>): Ahead {
  const seen = table.flatMap(({ first, spared }) => [first, ...Object.keys(spared)]);
  const firsts = new Map(table.map((row) => [row.first, row]));
  const servers = [...new Set([...firsts.keys(), ...seen])].slice(0, MOST);
  return {
    servers,
    first: servers.map((server) => firsts.get(server)?.addresses ?? 0),
    spared: servers.map((server) => servers.map((other) => firsts.get(server)?.spared[other] ?? 0)),
  };
}
