#!/usr/bin/env bash
# Brings a version of an artifact to a stage, or takes it away. The jobs of the registry run this file as it is on the default
# branch, so that a rollback to an old commit does not run an old deployment. It must do no harm when it runs twice.
#
#   GITREG_EVENT_NAME      churn
#   GITREG_EVENT_STAGE     prod
#   GITREG_EVENT_HOLDER    v1.2.0, what the stage is to have (the full id of a commit where that has no version); empty: nothing
#   GITREG_EVENT_SLUG      churn-v1-2-0, for tags of images, labels of Kubernetes and names in DNS
#   GITREG_EVENT, _VERSION, _COMMIT, _TYPE, _PATH, _JSON: what happened, as `gitreg ci event` says it
#   GITREG                 the command
#   DEPLOY_TOKEN           the secret of that name, if there is one
#
# It may start `gitreg get`, which needs an extra for most storages: `gitreg-extras: s3` on GitHub, on GitLab `gitreg:
# "gitreg-ml[s3]==..."`. To sign in with OpenID Connect: on GitHub, where a called workflow has no `id-token: write`, start this
# file in a job of your own after the action gitreg/gitreg/.github/actions/registry-event; on GitLab add `id_tokens:` to the job.
set -euo pipefail

if [ -n "$GITREG_EVENT_HOLDER" ]; then
  printf 'here %s %s goes to %s\n' "$GITREG_EVENT_NAME" "$GITREG_EVENT_HOLDER" "$GITREG_EVENT_STAGE" >&2
  # "${GITREG:-gitreg}" get "$GITREG_EVENT_NAME#$GITREG_EVENT_STAGE" --output model/
else
  printf 'here %s is taken out of %s\n' "$GITREG_EVENT_NAME" "$GITREG_EVENT_STAGE" >&2
fi
printf 'nothing was deployed: write it into .registry/deploy.sh\n' >&2
exit 1
