import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBundle } from './bundle';

/** What `race-review` runs: the command line beside this file. */
const { main } = loadBundle(dirname(fileURLToPath(import.meta.url)));
process.exitCode = await main(process.argv.slice(2));
