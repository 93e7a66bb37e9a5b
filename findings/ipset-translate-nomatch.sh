#!/bin/sh
# ipset-translate, which makes an nft ruleset of what `ipset save` printed, and an address that is excepted from a set.
#
# Expected: what was banned is banned, and what was excepted (`ipset add SET ADDRESS nomatch`) is not. nft's sets know no
# exceptions, so the line is left out with a warning, or the translation ends with an error.
# Seen: the line becomes one like all others. The excepted address, which the ipset never matched, is a member of the nft
# set, as banned as the rest; no warning, exit code 0. Where a net around it is in the set too, which is what an exception is
# for, nft refuses the whole translation: "conflicting intervals specified", of two lines of which it should have but one.
# Before such a set is moved, the lines with nomatch want to be taken out of it, and written as rules ahead of it.
#
# ipset 7.22-1+b1 and nftables 1.1.3-1 (Debian 13); 7.17 and 1.0.6 (Debian 12) do the same. Needs root.
set -eu
export LC_ALL=C
VERSION=7.22-1+b1 NFT_VERSION=1.1.3-1

in_root() { chroot "$work/root" "$@"; }

# The exit code, and what was said in $work/said.
code_of() { # COMMAND...
  code=0
  in_root "$@" >"$work/said" 2>&1 || code=$?
  echo "$code"
}

inside() {
  in_root ipset create banned hash:net
  in_root ipset add banned 203.0.113.7
  in_root ipset add banned 198.51.100.9 nomatch
  matched=$(code_of ipset test banned 198.51.100.9)
  in_root ipset save banned >"$work/saved"
  translated=$(code_of ipset-translate restore <"$work/saved")
  cp "$work/said" "$work/translation"
  cat "$work/saved" "$work/translation"
  loaded=$(code_of nft -f - <"$work/translation")
  member=$(code_of nft get element inet global banned '{ 198.51.100.9 }')
  echo "ipset test of the excepted address: exit code $matched; translated: $translated; loaded: $loaded; nft get element: $member"

  in_root nft flush ruleset
  in_root ipset add banned 198.51.100.0/24
  in_root ipset save banned >"$work/saved"
  in_root ipset-translate restore <"$work/saved" >"$work/translation"
  refused=$(code_of nft -f - <"$work/translation")
  cat "$work/said"
  echo "loaded, with the net around it in the set: exit code $refused"
  [ "$matched $translated $loaded $member $refused" = '1 0 0 0 1' ] && grep -q 'conflicting intervals' "$work/said"
}

if [ "${1:-}" = inside ]; then
  work=$2
  inside
  exit
fi

[ "$(id -u)" -eq 0 ] || { echo 'this needs root'; exit 1; }
script=$(realpath "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
apt_of_trixie() { # COMMAND WORD...
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::status=/dev/null -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "$@"
}
mkdir -p parts lists/partial cache/archives/partial root/usr/bin root/usr/sbin root/usr/lib root/usr/lib64
for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian.*; do
  [ ! -f "$list" ] || sed "s/\\b$own\\b/trixie/g" "$list" >"parts/own.${list##*.}"
done
if ! { apt_of_trixie update && apt_of_trixie install --yes --download-only --no-install-recommends \
  "ipset=$VERSION" "nftables=$NFT_VERSION"; } >log 2>&1; then
  echo "ipset $VERSION or nftables $NFT_VERSION cannot be had here any more"
  exit 1
fi
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "root/$folder"; done
for deb in cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C root --keep-directory-symlink; done
in_root ipset --version
in_root nft --version
unshare --net --fork --kill-child sh "$script" inside "$work"
