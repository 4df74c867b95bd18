import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbeddedEditor } from './embedded';

/** A running embedded VS Code. */
export interface EditorServer {
	/** `127.0.0.1:PORT`. */
	readonly host: string;
	/** Its own user data and temporary files; removed by `stop` unless they were given. */
	readonly data: string;
	readonly extensions: string;
	stop(): Promise<void>;
	/** What it printed, for a failure's report. */
	log(): string;
}

export interface ServerOptions {
	/** Kept after `stop` when given (a person's editor); else a fresh folder. */
	readonly data?: string;
	readonly port?: number;
	/** Machine settings. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** For tests: the editor obeys `extensionDevelopmentPath` only with its smoke-test driver. */
	readonly development?: boolean;
	/** What the extension host is to see besides. */
	readonly env?: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_CHARACTERS = 200_000;

/** Under test: what a case types by mistake stays out of the files that the next one opens. */
const TEST_SETTINGS = { 'files.autoSave': 'off' };

const BASE_SETTINGS = {
	'telemetry.telemetryLevel': 'off',
	'workbench.startupEditor': 'none',
	'workbench.tips.enabled': false,
	'update.mode': 'none',
	'extensions.autoCheckUpdates': false,
	'extensions.autoUpdate': false,
	'extensions.ignoreRecommendations': true,
	'security.workspace.trust.enabled': false,
	'chat.disableAIFeatures': true,
	'git.openRepositoryInParentFolders': 'never',
	'window.restoreWindows': 'none',
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

function listening(child: ChildProcess, log: () => string): Promise<string> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`the embedded editor did not start in ${START_TIMEOUT_MS / 1000} s:\n${log()}`)), START_TIMEOUT_MS);
		const look = (): void => {
			const match = /listening on https?:\/\/([\d.]+:\d+)/i.exec(log());
			if (!match?.[1]) return;
			clearTimeout(timer);
			resolve(match[1]);
		};
		child.stdout?.on('data', look);
		child.stderr?.on('data', look);
		child.on('exit', (code) => {
			clearTimeout(timer);
			reject(new Error(`the embedded editor ended with ${code}:\n${log()}`));
		});
	});
}

/** Starts the embedded VS Code on a local port, with nothing shared with the user's own editor. */
export async function startServer(options: ServerOptions = {}): Promise<EditorServer> {
	const editor = await ensureEmbeddedEditor();
	const data = options.data ?? mkdtempSync(join(tmpdir(), 'krr-editor-'));
	const folder = (name: string): string => {
		const path = join(data, name);
		mkdirSync(path, { recursive: true });
		return path;
	};
	const user = folder('user');
	const extensions = folder('extensions');
	mkdirSync(join(user, 'User'), { recursive: true });
	writeFileSync(join(user, 'User', 'settings.json'), `${JSON.stringify({ ...BASE_SETTINGS, ...(options.development ? TEST_SETTINGS : {}), ...options.settings }, null, '\t')}\n`);
	const args = [
		editor.entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`,
		'--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override', '--disable-proxy',
		'--ignore-last-opened', '--user-data-dir', user, '--extensions-dir', extensions,
		...(options.development ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
	];
	const child = spawn(editor.node, args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...editor.env,
			...options.env,
			EXTENSIONS_GALLERY: '{"serviceUrl":""}',
			XDG_CONFIG_HOME: folder('config'), XDG_DATA_HOME: folder('share'), XDG_CACHE_HOME: folder('cache'), XDG_STATE_HOME: folder('state'),
			TMPDIR: folder('tmp'),
			// Set when we were ourselves started from a terminal inside an editor: it would hand the call to that editor.
			VSCODE_IPC_HOOK_CLI: undefined,
		},
	});
	let output = '';
	const keep = (chunk: Buffer): void => {
		output = (output + chunk.toString('utf8')).slice(-LOG_CHARACTERS);
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const host = await listening(child, () => output);
	return {
		host,
		data,
		extensions,
		log: () => output,
		stop: async () => {
			if (child.exitCode === null) {
				const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
				child.kill('SIGTERM');
				const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
				await ended;
				clearTimeout(timer);
			}
			if (!options.data) rmSync(data, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}
