# shellcheck shell=bash disable=SC2154
# The firewall's half.

stage_banspool() { # ROOT
  local root=$1 program=$1/usr/lib/banspool unit page file
  stage_program "$program"
  stage_manual "$root/usr/share"
  mkdir -p "$root/usr/bin"
  ln -s ../lib/banspool/banspool.js "$root/usr/bin/banspool"
  # What is missing shows here, and not on somebody's firewall.
  node "$root/usr/bin/banspool" --version >/dev/null

  for unit in systemd/banspool{,-boot,-saved-sets,-fleet,-notify}.service systemd/banspool-{reconcile,fetch}.{service,timer}; do
    put 644 "$unit" "$root/usr/lib/systemd/system/${unit##*/}"
  done
  put 644 systemd/sysusers.d/banspool.conf "$root/usr/lib/sysusers.d/banspool.conf"
  put 644 systemd/tmpfiles.d/banspool.conf "$root/usr/lib/tmpfiles.d/banspool.conf"
  for file in alerts.yaml banspool.json; do put 644 "systemd/examples/$file" "$root/usr/share/doc/banspool/examples/$file"; done
  for file in config policy; do put 644 "schemas/$file.json" "$root/usr/share/banspool/schemas/$file.json"; done
  put 644 .ci/stage/config.yaml "$root/etc/banspool/config.yaml"
  put 755 action.d/banspool-receive "$program/action.d/banspool-receive"
  for file in door update post-receive; do put 755 "action.d/hub/$file" "$program/action.d/hub/$file"; done
  stage_saved_sets "$root" "$program/action.d"
  put 644 README.md "$root/usr/share/doc/banspool/README.md"
  put 644 SPEC.md "$root/usr/share/doc/banspool/SPEC.md"
  put 644 DESIGN.md "$root/usr/share/doc/banspool/DESIGN.md"
  while read -r page; do
    put 644 "$page" "$root/usr/share/doc/banspool/$page"
  done < <(find docs -type f)
}

# Also as a plugin: netfilter-persistent start by hand wants the sets too. Its own for ipset is called 10-ipset, and the
# one that loads rules 15-ip4tables.
stage_saved_sets() { # ROOT FOLDER
  local plugins=usr/share/netfilter-persistent/plugins.d
  put 755 action.d/banspool-saved-sets "$2/banspool-saved-sets"
  put 644 action.d/saved-rules.sh "$2/saved-rules.sh"
  put 644 action.d/read-prefix.sh "$2/read-prefix.sh"
  ln -s ../lib/banspool/action.d/banspool-saved-sets "$1/usr/bin/banspool-saved-sets"
  mkdir -p "$1/$plugins"
  ln -s ../../../bin/banspool-saved-sets "$1/$plugins/12-banspool"
}

stage_program() { # FOLDER
  mkdir -p "$1"
  .ci/program "$1" --metafile="$modules"
  cp -R package.json state "$1"
  find "$1" -type f -exec chmod 644 {} +
  # The system's Node, whatever else is in somebody's PATH; node.sh names another.
  sed -i '1s,.*,#!/usr/bin/node,' "$1/banspool.js"
  chmod 755 "$1/banspool.js"
}

stage_manual() { # TARGET
  local kind target page pages=()
  for page in docs/man/*.md; do
    [ "${page##*/}" = banspool-send.8.md ] || pages+=("$page")
  done
  stage_pages "$1/man" "${pages[@]}"
  # Where the page stood once.
  ln -s ../man1/banspool.1.gz "$1/man/man8/banspool.8.gz"
  while read -r kind target; do
    mkdir -p "$1/${target%/*}"
    node "$printer" "$kind" >"$1/$target"
  done <<'KINDS'
bash bash-completion/completions/banspool
zsh zsh/vendor-completions/_banspool
fish fish/vendor_completions.d/banspool.fish
KINDS
}
