#!/usr/bin/env bash
# Deploys a stage: migrations first, then the code, then the callers, then the proof that it serves.
set -euo pipefail
stage=$1
cd "$(dirname "$0")/.."
output() { node -p "const at = '$1'.split('.'); at.reduce((one, key) => one[key], JSON.parse(fs.readFileSync('.sst/outputs.json')))"; }

# Migrations expand before they contract, so the code that runs now serves the new schema too. One that fails ends this here.
npx sst deploy --stage "$stage" --target Migrate
answer=$(mktemp)
failed=$(aws lambda invoke --function-name "$(output migrate)" --cli-read-timeout 900 --query FunctionError --output text "$answer")
cat "$answer"
[ "$failed" = None ]

npx sst deploy --stage "$stage"
npm run -s release -- .sst/outputs.json
npm run -s smoke -- "$(output apiUrl)"
