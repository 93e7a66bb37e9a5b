#!/bin/sh
# git, and a tracked file with the skip-worktree bit (as a sparse checkout sets it) that is gone from the folder.
#
# Expected: `git ls-files --deleted` lists it ("show files with an unstaged deletion"), and `git checkout HEAD -- FILE` takes
# it back, as it does with every file of the commit.
# Seen: it is in no list: ls-files --deleted and status say nothing, and a script that looks for losses finds none. checkout
# ends with "pathspec did not match any file(s) known to git", of a file that `git ls-files` and `git ls-tree HEAD` know;
# with --ignore-skip-worktree-bits it takes it back. A file with assume-unchanged, which hides as much of changes, is listed
# when it is gone.
#
# git 1:2.39.5-0+deb12u3 (Debian 12); 2.47.3 and 2.53.0 do the same.
set -eu
export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.net GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.net
VERSION=1:2.39.5-0+deb12u3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

if ! apt-get -qq download "git=$VERSION" 2>/dev/null; then
  echo "git $VERSION cannot be had here any more"
  exit 1
fi
dpkg-deb --extract git_*.deb tree
PATH=$work/tree/usr/bin:$PATH
export GIT_EXEC_PATH="$work/tree/usr/lib/git-core"

git --version
git init --quiet --initial-branch=main state
cd state
for name in skipped assumed; do echo "$name" >$name; done
git add --all
git commit --quiet --message x
git update-index --skip-worktree skipped
git update-index --assume-unchanged assumed
rm skipped assumed

deleted=$(git ls-files --deleted | tr '\n' ' ')
echo "git ls-files: $(git ls-files | tr '\n' ' ')"
echo "git ls-files --deleted: $deleted"
echo "git status: $(git status --porcelain)"
plain=0
words=$(git checkout HEAD -- skipped 2>&1) || plain=$?
echo "git checkout HEAD -- skipped: exit code $plain: $words"
git checkout --quiet --ignore-skip-worktree-bits HEAD -- skipped
echo "with --ignore-skip-worktree-bits: $(cat skipped)"
[ "$deleted" = 'assumed ' ] && [ "$plain" = 1 ] && [ "$(cat skipped)" = skipped ]
