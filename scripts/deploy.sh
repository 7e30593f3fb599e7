#!/usr/bin/env bash
# scripts/deploy.sh STAGE: deploys migrations and code, then moves the API's callers to it, then proves that it serves.
set -euo pipefail
stage=${1:?"say which stage, such as: scripts/deploy.sh production"}
cd "$(dirname "$0")/.."
command -v aws > /dev/null || { echo "The AWS CLI is missing: npm run release moves the API's callers with it." >&2; exit 1; }
aws sts get-caller-identity > /dev/null || { echo "AWS does not accept the credentials: set AWS_PROFILE, or sign in with \`aws sso login\`." >&2; exit 1; }
docker info > /dev/null 2>&1 || { echo "Docker is missing or does not run: the image of the vector worker is built with it." >&2; exit 1; }
output() { node -p "const at = '$1'.split('.'); at.reduce((one, key) => one[key], JSON.parse(fs.readFileSync('.sst/outputs.json')))"; }

node scripts/ensure-deps.mjs
# Without a value of its own a stage gets the account's fallback: production would share what belongs to previews.
if [[ "$stage" == production* ]]; then
  own=$(npx sst secret list --stage "$stage" | awk -v end="/$stage$" '/^# / { own = $0 ~ end; next } own' | cut -d= -f1 || true)
  fallbacks=$(npx sst secret list --fallback --stage "$stage" | grep -v '^#' | cut -d= -f1 || true)
  for name in $fallbacks; do
    grep -qx "$name" <<< "$own" || { echo "Set it first: npx sst secret set $name VALUE --stage $stage" >&2; exit 1; }
  done
fi
# The migrator comes first in it, and a migration that fails ends it before any other code has changed (stacks/functions.ts).
# RESOLVE_CANARY leaves the API's alias where it is; without it the alias moves at once (stacks/release.ts).
trap 'echo "The deployment did not finish. What to do: docs/first-day.md, When a deployment fails." >&2' ERR
RESOLVE_CANARY=1 npx sst deploy --stage "$stage"
npm run -s release -- .sst/outputs.json
# Tests that need an operator run where RESOLVE_OPERATOR_KEY is set; others always do.
RESOLVE_API_URL="$(output apiUrl)" npm run -s smoke
# It creates tenants and removes them again, which only an operator may do (docs/prove.md).
if [ -n "${RESOLVE_OPERATOR_KEY:-}" ]; then
  npm run -s resolve -- prove --api "$(output apiUrl)" --key "$RESOLVE_OPERATOR_KEY" --out ".sst/prove-$stage"
else
  echo "RESOLVE_OPERATOR_KEY is not set: the smoke tests of an operator and \`resolve prove\` did not run."
fi
