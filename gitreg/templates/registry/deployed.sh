#!/usr/bin/env bash
# Prints what is deployed, as JSON: {"churn": {"prod": "v1.2.0", "staging": null}}. An artifact or a stage that is not named has
# nothing, and gets what the registry says: so this must rather fail than print too little.
set -euo pipefail

# kubectl get configmap models --output 'jsonpath={.data.deployed}'
printf 'nobody knows what is deployed: write it into .registry/deployed.sh\n' >&2
exit 1
