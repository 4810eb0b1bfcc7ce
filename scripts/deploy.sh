#!/usr/bin/env bash
# Build the Lambda packages, deploy deploy/template.yaml, and cook the first artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'TEXT'
Usage: PACKAGES_BUCKET=bucket scripts/deploy.sh [dev|prod] [Parameter=value ...]

Builds both packages, uploads them, deploys the stack and asks for the first refresh. Parameters are those of
deploy/template.yaml, as CatalogueSecret=shop/catalogue; one that is not given keeps its value.

  PACKAGES_BUCKET       a bucket of yours for the packages; required
  STACK_NAME            the stack (default cocktail-db-dev, or cocktail-db-prod)
  AWS_REGION            the region (default us-east-1)
  SKIP_ANALYTICS_INIT   true: do not ask for a refresh
  SKIP_BUILD            true: deploy the packages that are in build/

Exit code: 0 deployed; 1 a step failed, and none after it was done; 2 wrong usage.
TEXT
}

environment=dev
parameters=()
for argument; do
    case $argument in
        dev | prod) environment=$argument ;;
        -h | --help) usage && exit 0 ;;
        [A-Z]*=*) parameters+=("$argument") ;;
        *) usage >&2 && exit 2 ;;
    esac
done
[ -n "${PACKAGES_BUCKET:-}" ] || { usage >&2; echo "deploy: PACKAGES_BUCKET is not set" >&2; exit 2; }
command -v aws >/dev/null || { echo "deploy: the AWS command line is not here" >&2; exit 1; }

export AWS_REGION=${AWS_REGION:-us-east-1}
export STACK_NAME=${STACK_NAME:-cocktail-db-$environment}
failed() { echo "deploy: $1 failed; nothing after it was done" >&2; exit 1; }

if [ "${SKIP_BUILD:-}" != true ]; then
    make lambda || failed "building"
fi
aws cloudformation package --region "$AWS_REGION" --template-file deploy/template.yaml --s3-bucket "$PACKAGES_BUCKET" \
    --s3-prefix "$STACK_NAME" --output-template-file build/packaged.yaml || failed "uploading the packages"
aws cloudformation deploy --region "$AWS_REGION" --template-file build/packaged.yaml --stack-name "$STACK_NAME" \
    --s3-bucket "$PACKAGES_BUCKET" --s3-prefix "$STACK_NAME" --no-fail-on-empty-changeset \
    --capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND \
    ${parameters[@]+--parameter-overrides "${parameters[@]}"} || failed "deploying $STACK_NAME"
aws cloudformation describe-stacks --region "$AWS_REGION" --stack-name "$STACK_NAME" --output table \
    --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' || failed "asking for the outputs"

if [ "${SKIP_ANALYTICS_INIT:-}" != true ]; then
    scripts/trigger-analytics-refresh.sh "$environment" || failed "the first refresh"
fi
