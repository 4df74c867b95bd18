import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';

const SEED = '002_f14616a2f5729a72.txt';

/** A real mail, where the seeds are beside the checkout: its own lines carry lens and cursor. */
export async function seedCases(report: Report, { host }: Workbench, { root, extension, server, browser, pictures }: CaseContext): Promise<void> {
	const seeds = join(root, '..', 'shared', 'seeds');
	if (!existsSync(join(seeds, SEED))) {
		console.log('  left out: the seeds are not beside this checkout');
		return;
	}
	const bench = await Workbench.open(browser, server, pictures, { folder: seeds, extension, host });
	try {
		await report.check('seed 002: ext4_punch_hole fails before and not after; stepping moves the cursor along the mail', async () => {
			await bench.openFile(SEED);
			await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: fixes/.test(text)), 30_000);
			await bench.goToLine(333);
			await eventually('function lens', () => bench.lensTexts(), (texts) => texts.some((text) => /ext4_punch_hole\(\): before ✗ {1,2}after ✓/.test(text)));
			await bench.clickLens(/ext4_punch_hole\(\)/);
			const lanes = bench.stepper.locator('race-lanes');
			await lanes.locator('.row').first().waitFor();
			await lanes.locator('.steps').first().focus();
			await bench.page.keyboard.press(Key.first);
			const lines = new Set<number>();
			const steps = await lanes.locator('.row').count();
			for (let at = 0; at < steps; at++) {
				await bench.page.waitForTimeout(150);
				lines.add(await bench.cursorLine());
				await bench.page.keyboard.press(Key.forward);
			}
			expectThat(lines.size >= 2, () => `the cursor stood on ${[...lines].join(', ')}`);
			await bench.page.keyboard.press(Key.failure);
			await bench.page.waitForTimeout(500);
			await bench.picture('seed-002');
		}, bench);
	} finally {
		await bench.close();
	}
}
