// Sets up node_modules once: runs `npm ci` when it is missing or older than the lock file. Plain JavaScript, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LEAST_NODE_MAJOR = 20;
if (Number(process.versions.node.split('.')[0]) < LEAST_NODE_MAJOR) {
	console.error(`Kernel Race Review needs Node ${LEAST_NODE_MAJOR} or newer; this is ${process.version}.`);
	process.exit(2);
}

const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
const stamp = join(root, 'node_modules', '.race-review-lock');
const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
// A developer's own `npm install` leaves npm's record, newer than the lock's contents: it is trusted when every package is there.
const complete = () => Object.entries(JSON.parse(lock).packages)
	.every(([path, entry]) => path === '' || entry.optional || entry.peer || existsSync(join(root, path, 'package.json')));

if (!current) {
	if (!existsSync(join(root, 'node_modules')) || !complete()) {
		console.log('Setting up: npm ci (once, about 200 MB)');
		const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
		const run = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
		if (run.status !== 0) {
			console.error('npm ci failed; nothing else was run.');
			process.exit(2);
		}
	}
	writeFileSync(stamp, lock);
}
