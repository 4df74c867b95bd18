import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../../scripts/rig/browser';
import { ensureEmbeddedEditor } from '../../scripts/rig/embedded';
import { type EditorServer, startServer } from '../../scripts/rig/server';
import { Workbench } from '../../scripts/rig/workbench';
import { eventually, type Report } from './report';
import { makeWorkspace } from './workspace';

/** As a user installs a package from a file. */
export async function install(server: EditorServer, vsix: string): Promise<void> {
	const { node, entry, env } = await ensureEmbeddedEditor();
	const done = spawnSync(node, [entry, '--install-extension', vsix, '--user-data-dir', join(server.data, 'user'), '--extensions-dir', server.extensions], { env, encoding: 'utf8' });
	if (done.status !== 0 || !/success/i.test(done.stdout)) throw new Error(`${done.stdout}\n${done.stderr}`);
}

/** The package, installed as a user installs it: nothing of the checkout is used. */
export async function installedCases(report: Report, root: string, vsix: string): Promise<void> {
	const server = await startServer();
	const workspace = makeWorkspace(root);
	const browser = await launchChromium();
	try {
		await report.check('the package installs', () => install(server, vsix));
		const bench = await Workbench.open(browser, server, join(root, 'artifacts', 'pictures'), { folder: workspace.folder });
		await report.check('the installed extension reviews a patch and opens the stepper', async () => {
			await bench.openFile('fix.patch');
			await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: fixes/.test(text)), 30_000);
			await bench.clickLens('Step through');
			await bench.stepper.locator('race-lanes .row').first().waitFor();
		}, bench);
		await report.check('the sample of the walkthrough opens from the package', async () => {
			await bench.command('Race Review: Open the sample series');
			await bench.page.locator('.tab.active', { hasText: 'quill.mbox' }).waitFor();
		}, bench);
		await bench.close();
	} finally {
		await browser.close();
		await server.stop();
		rmSync(workspace.folder, { recursive: true, force: true });
	}
}
