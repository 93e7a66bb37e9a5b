/** The two kinds of iptables: one speaks to nf_tables, the legacy one to tables of its own in the kernel. */

export type Variant = 'nft' | 'legacy';
