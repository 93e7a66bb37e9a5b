/**
 * Which ports and protocols the state may name: those that can be enforced. Names of services are none: a name must
 * mean the same tomorrow, and what cannot be read would count as all ports.
 */
import { parsePorts } from '../domain/ports.ts';
import { parseProtocols } from '../domain/protocol.ts';
import { NO_SERVICES } from '../domain/services.ts';

/** As banspool writes them, without blanks, which would part them where they stand side by side. */
const SCOPE_TEXT = /^[a-z0-9:,]+$/;

/** True for `all`, and for numbers and ranges with commas between. */
export function isPortsText(text: string): boolean {
  return SCOPE_TEXT.test(text) && parsePorts(text, NO_SERVICES).kind === 'ports';
}

/** True for one protocol, and for several with commas between. */
export function isProtocolsText(text: string): boolean {
  return SCOPE_TEXT.test(text) && parseProtocols(text) !== undefined;
}
