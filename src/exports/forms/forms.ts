/** The forms of exports by the names that policy.yaml has for them. */
import type { ExportPolicy } from '../../policy/export-schema.ts';
import { csvForm } from './csv.ts';
import type { Form } from './form.ts';
import { ipsetForm } from './ipset.ts';
import { jsonForm } from './json.ts';
import { haproxyForm, nginxForm, plainForm, postfixForm, rspamdForm } from './lines.ts';
import { mikrotikForm } from './mikrotik.ts';
import { nftForm } from './nft.ts';

export const FORMS: Readonly<Record<ExportPolicy['format'], Form>> = {
  plain: plainForm,
  csv: csvForm,
  json: jsonForm,
  nft: nftForm,
  ipset: ipsetForm,
  mikrotik: mikrotikForm,
  haproxy: haproxyForm,
  nginx: nginxForm,
  postfix: postfixForm,
  rspamd: rspamdForm,
};
