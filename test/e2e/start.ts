import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { eventually, expectThat, type Report } from './report';

const START_MS = 180_000;

/** `npm start` as a new user meets it: the review in the terminal, and an address that leads to the editor with the extension on the file. */
export async function startCases(report: Report, root: string, browser: Browser): Promise<void> {
	const child = spawn(process.execPath, [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(root, 'scripts', 'start.mts'), '--embedded'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
	child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	try {
		await report.check('npm start prints the review and an address', async () => {
			await eventually('address', async () => output, (text) => /^ {4}http:\/\/127\.0\.0\.1:\d+\/$/m.test(text), START_MS);
			expectThat(/quill_fault\(\) against quill_discard\(\)/.test(output), () => `no review in the terminal:\n${output.slice(-3_000)}`);
		});
		await report.check('the address leads to the editor, with the verdict over the sample', async () => {
			const address = /^ {4}(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(output)?.[1] ?? '';
			const context = await browser.newContext();
			try {
				const page = await context.newPage();
				await page.goto(address);
				await page.locator('.codelens-decoration a', { hasText: 'Race review' }).first().waitFor({ timeout: START_MS });
			} finally {
				await context.close();
			}
		});
	} finally {
		child.kill('SIGTERM');
		await ended;
	}
}
