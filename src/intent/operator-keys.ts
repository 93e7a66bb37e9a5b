/** Keys that only an operator's intent may have; of a server's they count as unknown. */
import { SERVER_NAME } from '../names/names.ts';
import { expected } from '../yaml/expected.ts';
import type { UnbanIntent } from './intent.ts';

export type OperatorKeys =
  | { readonly kind: 'read'; readonly keys: Pick<UnbanIntent, 'of' | 'within'> }
  | { readonly kind: 'refused'; readonly reason: string };

export const OPERATOR_KEYS: ReadonlySet<string> = new Set(['of', 'within']);

/** Those of an unban. */
export function readOperatorKeys({ of, within }: Readonly<Record<string, unknown>>): OperatorKeys {
  if (of !== undefined && !(typeof of === 'string' && SERVER_NAME.test(of)))
    return { kind: 'refused', reason: `of: ${expected('the name of a server')({ input: of })}` };
  if (within !== undefined && within !== 'true')
    return { kind: 'refused', reason: `within: ${expected('true')({ input: within })}` };
  return {
    kind: 'read',
    keys: { ...(of !== undefined && { of }), ...(within === 'true' && { within: true }) },
  };
}
