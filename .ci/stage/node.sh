# shellcheck shell=bash disable=SC2154
# The firewall's half with a Node of its own, for systems whose Node is too old.

# The newest of the symbols that the binary wants of glibc and libstdc++: what BROUGHT_DEPENDS promises.
BROUGHT_NEEDS='CXXABI_1.3.11 GLIBCXX_3.4.21 GLIBC_2.28'
BROUGHT_DEPENDS='libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 7)'

# The binary is the official one, byte for byte: stripped it would be a seventh smaller, and nobody could compare it.
stage_node() { # TARBALL ROOT
  local program=$2/usr/lib/banspool
  tar --extract --gzip --no-same-owner --file="$1" --directory="$root" package/bin/node package/LICENSE
  mv "$root/package/bin/node" "$program/node"
  chmod 755 "$program/node"
  mv "$root/package/LICENSE" "$root/node-license"
  check_needs "$program/node"
  # Not in PATH: nobody else is to begin to use it.
  sed -i '1s,.*,#!/usr/lib/banspool/node,' "$program/banspool.js"
}

check_needs() { # BINARY
  local needs
  needs=$(grep -aoE '(GLIBC|GLIBCXX|CXXABI)_[0-9]+(\.[0-9]+)+' "$1" | sort -uV |
    awk -F_ '{ newest[$1] = $0 } END { for (each in newest) print newest[each] }' | sort | tr '\n' ' ')
  [ "${needs% }" = "$BROUGHT_NEEDS" ] || {
    echo "build: this Node needs ${needs% }, and BROUGHT_DEPENDS is for $BROUGHT_NEEDS" >&2
    return 1
  }
}

node_version() { # ARCHITECTURE
  awk -v architecture="$1" '$1 == architecture { print $3 }' .ci/stage/node-pins
}

# What the control file says of the Node, for sed.
words_of_node() { # ARCHITECTURE
  if [ "$1" = all ]; then
    echo 's/@NODE@/nodejs (>= 20.19)/; s/@RUNS_ON@/It uses the Node.js of the system, 20.19 or newer./'
  else
    echo "s/@NODE@/$BROUGHT_DEPENDS/; s/@RUNS_ON@/It contains Node.js $(node_version "$1") for its own use./"
  fi
}
