#!/usr/bin/env bash
# Recook the artifacts of an installation on AWS, whether or not its catalogue has changed.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/trigger-analytics-refresh.sh [dev|prod] [--wait]

Invokes the function <stack>-analytics-refresh: after the first deployment, after a restore, or to look whether it works.
Without --wait it is asked for and not awaited; with it the exit code tells whether the artifacts were cooked.

  STACK_NAME   the stack (default cocktail-db-dev, or cocktail-db-prod)
  AWS_REGION   the region (default us-east-1)

Exit code: 0 done, or asked for; 1 AWS refused, or the refresh failed; 2 wrong usage.
TEXT
}

environment=dev
kind=Event
for argument; do
    case $argument in
        dev | prod) environment=$argument ;;
        --wait) kind=RequestResponse ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
done
command -v aws >/dev/null || { echo "trigger-analytics-refresh: the AWS command line is not here" >&2; exit 1; }

stack=${STACK_NAME:-cocktail-db-$environment}
function=$stack-analytics-refresh
answer=$(mktemp) asked=$(mktemp)
trap 'rm -f "$answer" "$asked"' EXIT
echo '{"force": true}' >"$asked" # as a file: the two versions of the command line read text differently

echo "Asking $function for a refresh ..."
failure=$(aws lambda invoke --function-name "$function" --invocation-type "$kind" --payload "fileb://$asked" \
    --region "${AWS_REGION:-us-east-1}" --query FunctionError --output text "$answer") || { echo "trigger-analytics-refresh: AWS did not take the request" >&2; exit 1; }
if [ "$failure" != None ]; then
    echo "trigger-analytics-refresh: the refresh failed: $(cat "$answer")" >&2
    exit 1
fi
if [ "$kind" = Event ]; then
    echo "Asked for. Its log: /aws/lambda/$function"
else
    echo "Done: $(cat "$answer")"
fi
