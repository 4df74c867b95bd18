import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder, perform, tell } from './cache';

/**
 * The embedded VS Code: code-server from npm on a Node of its own from npm, so that neither the machine's Node nor a
 * download outside the registry is needed. Its native parts that only a full install would compile (Kerberos, the
 * terminal) are left out.
 */
export interface EmbeddedEditor {
	/** A Node that it runs on. */
	readonly node: string;
	/** code-server's start script, for that Node. */
	readonly entry: string;
	/** For npm and other commands that must run under that Node. */
	readonly env: NodeJS.ProcessEnv;
}

const CODE_SERVER = '4.139.1';
const NODE_MAJOR = '24';
const STAMP = 'ready.json';
const VSCODE = join('node_modules', 'code-server', 'lib', 'vscode');
/** What VS Code writes its logs with. */
const LOG_WRITER = join('node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node');

/** npm's package that ships Node's own build for this machine. */
function nodePackage(): string {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	return `node-${platform}-${process.arch}`;
}

function located(folder: string): EmbeddedEditor {
	const nodeRoot = join(folder, 'node', 'node_modules', nodePackage());
	const bin = join(nodeRoot, 'bin');
	return {
		node: join(bin, 'node'),
		entry: join(folder, 'server', 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
		env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, npm_config_nodedir: nodeRoot },
	};
}

function isReady(folder: string): boolean {
	try {
		const stamp: unknown = JSON.parse(readFileSync(join(folder, STAMP), 'utf8'));
		return typeof stamp === 'object' && stamp !== null && 'codeServer' in stamp && stamp.codeServer === CODE_SERVER && existsSync(located(folder).entry)
			&& existsSync(join(folder, 'server', VSCODE, LOG_WRITER));
	} catch {
		return false;
	}
}

/** A Node 24 of the cache's own (packaging and desktop launching need more than Node 20). */
export async function ensureNode(): Promise<EmbeddedEditor> {
	const folder = join(cacheFolder(), `editor-${CODE_SERVER}`);
	const place = located(folder);
	if (!existsSync(place.node)) {
		mkdirSync(join(folder, 'node'), { recursive: true });
		writeFileSync(join(folder, 'node', 'package.json'), '{"private":true}\n');
		await perform({
			label: `Node ${NODE_MAJOR} from npm`,
			command: 'npm',
			args: ['install', '--no-audit', '--no-fund', '--prefix', join(folder, 'node'), `${nodePackage()}@${NODE_MAJOR}`],
		});
	}
	return place;
}

/** Installs the embedded editor into the cache once; resolves with where it is. Rejects with npm's own words when that fails. */
export async function ensureEmbeddedEditor(): Promise<EmbeddedEditor> {
	const folder = join(cacheFolder(), `editor-${CODE_SERVER}`);
	if (isReady(folder)) return located(folder);
	tell(`Setting up an embedded VS Code (code-server ${CODE_SERVER}, about 550 MB, once) in ${folder}`);
	const { env } = await ensureNode();
	const building = join(folder, 'server-building');
	rmSync(building, { recursive: true, force: true });
	rmSync(join(folder, 'server'), { recursive: true, force: true });
	mkdirSync(building, { recursive: true });
	writeFileSync(join(building, 'package.json'), '{"private":true}\n');
	const npm = (label: string, cwd: string, args: readonly string[]): Promise<void> => perform({ label, command: 'npm', args: [...args, '--no-audit', '--no-fund'], cwd, env });
	await npm('code-server from npm', building, ['install', '--ignore-scripts', `code-server@${CODE_SERVER}`]);
	const code = join(building, VSCODE);
	await npm('what its VS Code needs', code, ['install', '--omit=dev', '--ignore-scripts']);
	// Under `npm test` npm hands on this project's own `ignore-scripts`, under which nothing is built.
	await npm('its native parts', code, ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog']);
	if (!existsSync(join(code, LOG_WRITER))) throw new Error(`npm built no ${LOG_WRITER} in ${code}: without it the editor writes no log`);
	await npm('its built-in extensions', join(code, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
	renameSync(building, join(folder, 'server'));
	writeFileSync(join(folder, STAMP), `${JSON.stringify({ codeServer: CODE_SERVER, node: NODE_MAJOR })}\n`);
	return located(folder);
}
