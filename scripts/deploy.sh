#!/usr/bin/env bash
# Deploys a stage: migrations and code, then the callers, then the proof that it serves.
set -euo pipefail
stage=$1
cd "$(dirname "$0")/.."
output() { node -p "const at = '$1'.split('.'); at.reduce((one, key) => one[key], JSON.parse(fs.readFileSync('.sst/outputs.json')))"; }

# The migrator comes first in it, and a migration that fails ends it before any other code has changed (stacks/functions.ts).
npx sst deploy --stage "$stage"
npm run -s release -- .sst/outputs.json
npm run -s smoke -- "$(output apiUrl)"
