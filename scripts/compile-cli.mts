/**
 * Writes V8's compiled form of the built command line beside it, once it has reviewed the sample: what is never run is left to be compiled
 * when it is. Run by the build, in a process of its own.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILED, loadBundle } from '../cli/bundle';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
rmSync(join(dist, COMPILED), { force: true });
const { main, compiled } = loadBundle(dist);
const status = await main(['check', '--format', 'json', join(root, 'samples', 'quill.mbox')]);
if (status === 2) {
	throw new Error('the built command line cannot review the sample');
}
// Never half of it for who starts just now.
writeFileSync(join(dist, `${COMPILED}.new`), compiled());
renameSync(join(dist, `${COMPILED}.new`), join(dist, COMPILED));
