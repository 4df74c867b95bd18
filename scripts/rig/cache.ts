import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what the set-up installs is kept: `KRR_CACHE`, else the user's cache folder. Made when missing. */
export function cacheFolder(): string {
	const folder = process.env.KRR_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kernel-race-review');
	mkdirSync(folder, { recursive: true });
	return folder;
}

/** Tells the person at the terminal what the set-up is doing. */
export function tell(line: string): void {
	process.stderr.write(`${line}\n`);
}

export interface Command {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd?: string;
	readonly env?: NodeJS.ProcessEnv;
	/** Shown while it runs, with the seconds it has taken. */
	readonly label: string;
}

const DOT_MS = 5_000;
const TAIL_CHARACTERS = 4_000;

/** Runs a set-up command to its end; its output is kept for the error alone. Rejects when it cannot be started or exits non-zero. */
export function perform({ command, args, cwd, env, label }: Command): Promise<void> {
	const began = Date.now();
	const seconds = (): string => `${Math.round((Date.now() - began) / 1000)} s`;
	tell(`  ${label} …`);
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
		let tail = '';
		const keep = (chunk: Buffer): void => {
			tail = (tail + chunk.toString('utf8')).slice(-TAIL_CHARACTERS);
		};
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		const timer = setInterval(() => tell(`    ${label}: ${seconds()} so far`), DOT_MS * 3);
		child.on('error', (error) => {
			clearInterval(timer);
			reject(new Error(`${command}: ${error.message}`));
		});
		child.on('exit', (code, signal) => {
			clearInterval(timer);
			if (code === 0) {
				tell(`    done in ${seconds()}`);
				resolve();
			} else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}:\n${tail}`));
		});
	});
}
