/**
 * `npm start [-- FILE]`: builds, prints the review of the file (the sample series without one), and opens VS Code with the extension on it: the one
 * that is installed, else an embedded one at a local address. Runs until Ctrl-C where the editor is embedded.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, tell } from './rig/cache';
import { startServer } from './rig/server';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2).filter((word) => word !== '--embedded');
const embedded = process.argv.includes('--embedded');
const file = resolve(process.env.INIT_CWD ?? process.cwd(), words[0] ?? join(root, 'samples', 'quill.mbox'));

if (!existsSync(file) || !statSync(file).isFile()) {
	console.error(`${words[0]}: there is no such file`);
	process.exit(2);
}

const node = (args: readonly string[]): number => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const built = node([join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join('scripts', 'build.mts')]);
if (built !== 0) process.exit(built);

console.log(`\nrace-review check ${file}\n`);
node([join('dist', 'cli.mjs'), 'check', file]);
console.log('');

/** The installed VS Code's command, where a window of it can be shown. */
function installedCode(): string | null {
	if (embedded) return null;
	const { VSCODE_EXE, DISPLAY, WAYLAND_DISPLAY } = process.env;
	if (VSCODE_EXE) return VSCODE_EXE;
	if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return null;
	for (const name of ['code', 'codium', 'code-insiders']) {
		const found = spawnSync(name, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' });
		if (found.status === 0) return name;
	}
	return null;
}

/** Shows the address in the user's browser where there is one; it is printed all the same. */
function show(address: string): void {
	const { DISPLAY, WAYLAND_DISPLAY } = process.env;
	const opener = process.platform === 'darwin' ? 'open' : process.platform === 'linux' && (DISPLAY || WAYLAND_DISPLAY) ? 'xdg-open' : null;
	if (opener) spawn(opener, [address], { stdio: 'ignore', detached: true }).on('error', () => undefined).unref();
}

async function openEmbedded(): Promise<void> {
	const server = await startServer({ data: join(cacheFolder(), 'start'), development: true });
	const remote = (path: string): string => `vscode-remote://${server.host}${path}`;
	const payload = JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ['extensionDevelopmentPath', remote(root)], ['openFile', remote(file)]]);
	const target = `http://${server.host}/?folder=${encodeURIComponent(dirname(file))}&payload=${encodeURIComponent(payload)}`;
	// A short address to print, click or copy; it leads to the editor's long one.
	const door = createServer((_request, response) => response.writeHead(302, { location: target }).end());
	await new Promise<void>((listening) => { door.listen(0, '127.0.0.1', listening); });
	const address = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
	console.log(`VS Code with Kernel Race Review on ${file}:\n\n    ${address}\n\nCtrl-C ends it.`);
	show(address);
	const stop = (): void => {
		door.close();
		void server.stop().then(() => process.exit(0));
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
}

const code = installedCode();
if (code) {
	tell(`opening ${code}`);
	const opened = spawnSync(code, [`--extensionDevelopmentPath=${root}`, dirname(file), '--goto', file], { stdio: 'inherit', shell: process.platform === 'win32' });
	process.exitCode = opened.status ?? 1;
} else await openEmbedded();
