import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/activate';
import type { DocumentReview } from '../../extension/reviews';

/** Runs inside the extension host, against VS Code's own API. Called by VS Code as `run`. */

const ID = 'kernel-race-review.kernel-race-review';
const REVIEW_MS = 30_000;
/** Issue 6's bounds, with room for a busy machine told apart from a regression by the benchmark. */
const ACTIVATION_MS = 100;
const BLOCK_MS = 50;
const TICK_MS = 5;

/** Processor time of this very thread, where Node can tell (from 23.9); else time as such. */
const ownMilliseconds = (): number => {
	const usage = (process as unknown as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage?.();
	return usage ? (usage.user + usage.system) / 1_000 : performance.now();
};

/** Measured on the way, for the benchmark. */
const figures: Record<string, number> = {};

interface Result {
	readonly name: string;
	readonly error: string | null;
}

const workspace = process.env.KRR_HOST_WORKSPACE ?? '';
const file = (name: string): vscode.Uri => vscode.Uri.file(join(workspace, name));

async function activated(): Promise<ExtensionApi> {
	const extension = vscode.extensions.getExtension<ExtensionApi>(ID);
	assert.ok(extension, `${ID} is not installed`);
	return extension.activate();
}

async function reviewed(api: ExtensionApi, name: string): Promise<DocumentReview> {
	const uri = file(name);
	const document = await vscode.workspace.openTextDocument(uri);
	await vscode.window.showTextDocument(document);
	const until = Date.now() + REVIEW_MS;
	for (;;) {
		const known = api.reviewOf(uri);
		if (known && known.state !== 'reviewing') return known;
		assert.ok(Date.now() < until, `${name} was not reviewed in ${REVIEW_MS} ms: ${JSON.stringify(known)}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

const tests: Readonly<Record<string, () => Promise<void>>> = {
	'activation is quick': async () => {
		const api = await activated();
		assert.ok(api.activationMilliseconds < ACTIVATION_MS, `${api.activationMilliseconds} ms`);
	},
	'every contributed command is registered, and the other way round': async () => {
		await activated();
		const manifest = vscode.extensions.getExtension(ID)?.packageJSON as { contributes: { commands: { command: string }[] } };
		const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
		const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('kernelRaceReview.') && contributed.includes(command)).sort();
		assert.deepEqual(registered, contributed);
	},
	'the fix: one review, failing before and passing after, within its own lines': async () => {
		const api = await activated();
		const known = await reviewed(api, 'fix.patch');
		assert.equal(known.state, 'done', known.problem);
		assert.equal(known.inputs.length, 1);
		assert.equal(known.inputs[0]?.outcome, 'fixes');
		const lines = readFileSync(join(workspace, 'fix.patch'), 'utf8').split('\n').length;
		for (const scenario of known.inputs[0]?.scenarios ?? []) for (const side of [scenario.pre, scenario.post]) for (const failure of side?.failures ?? []) for (const { inputLine } of failure.steps) assert.ok(inputLine === null || (inputLine >= 1 && inputLine <= lines), `step on line ${inputLine}`);
	},
	'problems: one per failure with at most five related places': async () => {
		const api = await activated();
		await reviewed(api, 'fix.patch');
		const diagnostics = vscode.languages.getDiagnostics(file('fix.patch'));
		assert.ok(diagnostics.length > 0, 'no problem is shown');
		assert.ok(diagnostics.length <= 20, `${diagnostics.length} problems`);
		for (const diagnostic of diagnostics) {
			assert.equal(diagnostic.source, 'race-review');
			assert.ok((diagnostic.relatedInformation?.length ?? 0) <= 5);
			assert.notEqual(diagnostic.severity, vscode.DiagnosticSeverity.Error, diagnostic.message);
		}
		await reviewed(api, 'bug.patch');
		const errors = vscode.languages.getDiagnostics(file('bug.patch')).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
		assert.ok(errors.length > 0, 'a patch that brings a race has no error');
	},
	'lenses: the patch and each changed function': async () => {
		const api = await activated();
		const known = await reviewed(api, 'fix.patch');
		const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file('fix.patch'), 50);
		const titles = lenses.map(({ command }) => command?.title ?? '');
		assert.ok(titles.some((title) => title.startsWith('Race review: fixes')), titles.join(' / '));
		for (const { name, inputLine } of known.inputs[0]?.functions ?? []) if (inputLine !== null) assert.ok(titles.some((title) => title.startsWith(`${name}()`)), `${name} among ${titles.join(' / ')}`);
	},
	'lenses obey their setting': async () => {
		const api = await activated();
		await reviewed(api, 'fix.patch');
		const settings = vscode.workspace.getConfiguration('kernelRaceReview');
		await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
		try {
			const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file('fix.patch'), 50);
			assert.equal(lenses.filter(({ command }) => command?.command.startsWith('kernelRaceReview')).length, 0);
		} finally {
			await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
		}
	},
	'marks of every kind that the review has': async () => {
		const api = await activated();
		await reviewed(api, 'fix.patch');
		const kinds = new Set(api.marksOf(file('fix.patch')).map(({ kind }) => kind));
		assert.ok(kinds.has('failed-before') || kinds.has('load-bearing'), [...kinds].join());
		await reviewed(api, 'bug.patch');
		assert.ok(api.marksOf(file('bug.patch')).some(({ kind }) => kind === 'fails'));
	},
	'an edit is reviewed again, and closing forgets it': async () => {
		const api = await activated();
		const before = await reviewed(api, 'fix.patch');
		const document = await vscode.workspace.openTextDocument(file('fix.patch'));
		const edit = new vscode.WorkspaceEdit();
		edit.insert(document.uri, new vscode.Position(0, 0), '\n');
		await vscode.workspace.applyEdit(edit);
		const until = Date.now() + REVIEW_MS;
		for (;;) {
			const known = api.reviewOf(document.uri);
			if (known?.state === 'done' && known.version > before.version) break;
			assert.ok(Date.now() < until, 'the edit was not reviewed');
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	},
	'cancelling keeps what was known': async () => {
		const api = await activated();
		await reviewed(api, 'bug.patch');
		const running = vscode.commands.executeCommand('kernelRaceReview.review', file('bug.patch'));
		await vscode.commands.executeCommand('kernelRaceReview.cancel', file('bug.patch'));
		await running;
		const known = api.reviewOf(file('bug.patch'));
		assert.ok(known?.state === 'cancelled' || known?.state === 'done', known?.state);
		assert.ok(known.inputs.length > 0, 'what was known is gone');
	},
	'the host is never blocked long during a review': async () => {
		const api = await activated();
		await vscode.commands.executeCommand('workbench.action.closeAllEditors');
		let longest = 0;
		let last = performance.now();
		let used = ownMilliseconds();
		const timer = setInterval(() => {
			const [now, own] = [performance.now(), ownMilliseconds()];
			// On a machine that others keep busy the thread waits without working: what it worked itself is what blocks.
			longest = Math.max(longest, Math.min(now - last - TICK_MS, own - used));
			last = now;
			used = own;
		}, TICK_MS);
		// A real mail with its long functions, where the seeds are beside the checkout.
		const seed = existsSync(join(workspace, 'seed.txt'));
		await reviewed(api, seed ? 'seed.txt' : 'quill.mbox');
		clearInterval(timer);
		figures[seed ? 'longest block, seed 001' : 'longest block, sample series'] = longest;
		assert.ok(longest < BLOCK_MS, `${longest.toFixed(0)} ms`);
	},
};

export async function run(): Promise<void> {
	const results: Result[] = [];
	const path = process.env.KRR_HOST_RESULTS ?? '';
	const write = (finished: boolean): void => writeFileSync(path, JSON.stringify({ finished, results, figures }));
	write(false);
	for (const [name, test] of Object.entries(tests)) {
		try {
			await test();
			results.push({ name, error: null });
		} catch (error) {
			results.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
		}
		write(false);
	}
	write(true);
}
