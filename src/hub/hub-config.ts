/**
 * The git config of a hub's repository. It does not depend on git's defaults. A firewall that was taken over can push
 * any bytes, so git checks pushes, limits their size, and soon deletes objects that no branch holds.
 */

/** The text of the file, for a hub of this account. */
export function formatHubConfig(account: string): string {
  return `# Written by \`banspool hub init\`.
[banspool]
\taccount = ${account}
${SETTINGS}`;
}

/** The account of a hub; undefined if the text is not the config of a hub. */
export function accountInConfig(text: string): string | undefined {
  return /^\[banspool\]\n\taccount = (\S+)$/m.exec(text)?.[1];
}

/**
 * hideRefs: git refuses a push to anything but a branch of a firewall before it runs a hook.
 * unpackLimit, autoPackLimit: each push has a few objects; git packs about 700 of them together.
 * pruneExpire: git deletes the history that a new root replaced. The objects of a running push are newer.
 * logExpiry: otherwise git would not pack for a day after a pack that left too many objects.
 * pack, bigFileThreshold: the memory of one process, below the limit in the door.
 */
const SETTINGS = `[core]
\trepositoryFormatVersion = 0
\tbare = true
\tfileMode = true
\tsharedRepository = false
\tlogAllRefUpdates = false
\tbigFileThreshold = 4m
\tpackedGitWindowSize = 16m
\tpackedGitLimit = 256m
[transfer]
\thideRefs = refs
\thideRefs = !refs/heads/fw
[receive]
\tfsckObjects = true
\tmaxInputSize = 16m
\tdenyDeletes = true
\tdenyNonFastForwards = false
\tunpackLimit = 100
\tautogc = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = false
\tallowReachableSHA1InWant = false
\tallowTipSHA1InWant = false
[gc]
\tauto = 5000
\tautoPackLimit = 20
\tautoDetach = true
\tpruneExpire = 10.minutes.ago
\tlogExpiry = 10.minutes.ago
[pack]
\tthreads = 1
\twindowMemory = 64m
\tdeltaCacheSize = 32m
`;
