/** What `--help` prints. */
export const HELP = `race-review: which interleaving breaks a Linux kernel patch, or is ended by it

usage
  race-review check [PATCH|MBOX|DIR|GIT-RANGE|-]... [options]
        Reviews patches. Without any: the changes of the working tree against HEAD.
  race-review simulate FUNCTION... --tree DIR [options]
        No patch: lets the functions run against each other as they stand in the tree.
  race-review unknown [PATCH|MBOX|DIR|GIT-RANGE|-]... [--tree DIR] [--format text|json]
        Lists what the patches call and nothing knows: candidates for rows under .race-review/.

options
  --tree DIR            The kernel tree the patches are for: whole functions instead of fragments,
                        and the partners that a patch does not show.
  --scenario FILE       Threads to run, instead of those that are found.
  --format FORMAT       text (default), json, sarif, markdown, reply (a mail to edit and send),
                        b4 (for b4.review-perpatch-check-cmd).
  --suggest WHICH       For which failures a single edit is looked for that would end them: told (default:
                        those told against a patch, within a bound), all (also those that it leaves as
                        they were, and longer), none.
  --suppressions FILE   What was looked at and is no bug; default .race-review/suppressions in the tree.
  --progress            Says on standard error what is being worked on, and each verdict as it is known.
  --help, --version

exit status
  0  nothing to object to
  1  a patch introduces a failure, or one that it is about still fails after it
  2  the command or one of its inputs could not be used

A pass is always "no failing schedule within these bounds, under these assumptions". Nothing is sent
anywhere, and nothing that the tree holds is run.
`;
