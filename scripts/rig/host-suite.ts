import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { makeWorkspace } from '../../test/e2e/workspace';
import type { Report } from '../../test/e2e/report';
import { launchChromium } from './browser';
import { startServer } from './server';

/**
 * Resolves with what the suite measured. Runs test/host inside the extension host: in an installed desktop VS Code (`VSCODE_EXE`), else in the embedded one. The exit code alone is not
 * believed: when the host dies half way it is 0 all the same. The suite writes what it did into a file, and that file must be there and whole.
 */
interface HostResults {
	readonly finished: boolean;
	readonly results: readonly { readonly name: string; readonly error: string | null }[];
	readonly figures: Readonly<Record<string, number>>;
}

const SUITE_TIMEOUT_MS = 180_000;

export async function runHostSuite(root: string, extension: string, report: Report): Promise<HostResults['figures']> {
	const folder = join(root, 'artifacts', 'host');
	mkdirSync(folder, { recursive: true });
	const suite = join(folder, 'suite.cjs');
	const results = join(folder, 'results.json');
	rmSync(results, { force: true });
	await build({ absWorkingDir: root, entryPoints: [join(root, 'test', 'host', 'suite.ts')], outfile: suite, bundle: true, format: 'cjs', platform: 'node', target: 'es2022', external: ['vscode'], logLevel: 'warning' });
	const workspace = makeWorkspace(root);
	const env = { KRR_HOST_RESULTS: results, KRR_HOST_WORKSPACE: workspace.folder };
	const { VSCODE_EXE } = process.env;
	try {
		if (VSCODE_EXE) await runDesktop(VSCODE_EXE, extension, suite, workspace.folder, env);
		else await runEmbedded(extension, suite, workspace.folder, env);
	} catch (error) {
		await report.check('the extension host ran the suite', () => Promise.reject(error));
	} finally {
		rmSync(workspace.folder, { recursive: true, force: true });
	}
	const told = existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as HostResults) : null;
	await report.check('the suite ran to its end', async () => {
		if (!told) throw new Error('no results file: the extension host did not run the suite');
		if (!told.finished) throw new Error(`it stopped after ${told.results.length} tests`);
		if (!told.results.length) throw new Error('it had no tests');
	});
	for (const { name, error } of told?.results ?? []) await report.check(name, () => (error === null ? Promise.resolve() : Promise.reject(new Error(error))));
	return told?.figures ?? {};
}

async function runDesktop(executable: string, extension: string, suite: string, workspace: string, env: Record<string, string>): Promise<void> {
	const { runTests } = await import('@vscode/test-electron');
	const code = await runTests({
		vscodeExecutablePath: executable,
		extensionDevelopmentPath: extension,
		extensionTestsPath: suite,
		extensionTestsEnv: env,
		launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
	});
	if (code !== 0) throw new Error(`VS Code ended with ${code}`);
}

async function runEmbedded(extension: string, suite: string, workspace: string, env: Record<string, string>): Promise<void> {
	const server = await startServer({ development: true, env });
	const browser = await launchChromium();
	try {
		const page = await browser.newPage();
		const log: string[] = [];
		let ended: (code: number) => void = () => undefined;
		const exit = new Promise<number>((resolve) => { ended = resolve; });
		await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => { log.push(`${type}: ${args.map(String).join(' ')}`); });
		await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
		const remote = (path: string): string => `vscode-remote://${server.host}${path}`;
		const payload = [['skipWelcome', 'true'], ['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(suite)]];
		await page.goto(`http://${server.host}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
		const timeout = new Promise<number>((resolve) => { setTimeout(() => resolve(-1), SUITE_TIMEOUT_MS).unref(); });
		const code = await Promise.race([exit, timeout]);
		if (code !== 0) throw new Error(`the suite ended with ${code}\n${log.slice(-20).join('\n')}`);
	} finally {
		await browser.close();
		await server.stop();
	}
}
