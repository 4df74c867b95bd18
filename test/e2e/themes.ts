import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';

const THEMES = { dark: 'Dark Modern', light: 'Light Modern', 'contrast-dark': 'Dark High Contrast', 'contrast-light': 'Light High Contrast' } as const;

interface AxeResult {
	readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] }[];
	readonly passes: readonly { readonly id: string }[];
}

/** The stepper in four themes, at 400 pixels and at twice the size: pictures, and axe-core (its contrast rule is 4.5 : 1) finds nothing. */
export async function themeCases(report: Report, bench: Workbench, { root }: CaseContext): Promise<void> {
	const axe = readFileSync(createRequire(join(root, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
	const choose = async (theme: string): Promise<void> => {
		await bench.focusEditor();
		await bench.page.keyboard.press('Control+K');
		await bench.page.keyboard.press('Control+T');
		await bench.answer(/Light Modern/, theme);
	};
	const open = async (): Promise<void> => {
		await bench.page.setViewportSize(bench.size);
		await bench.openFile('fix.patch');
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through|Simulate/.test(text)));
		await bench.clickLens('Step through');
		await bench.stepper.locator('race-lanes .row').first().waitFor();
		await bench.page.keyboard.press('f');
	};
	const button = (name: string) => bench.stepper.getByRole('button', { name, exact: true });
	if (!await report.check('the stepper opens', open, bench)) return;

	const accessible = async (): Promise<void> => {
		const inside = await bench.stepperFrame();
		await inside.evaluate(axe);
		const result = await inside.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run());
		expectThat(result.passes.some(({ id }) => id === 'color-contrast'), () => 'axe-core did not look at contrast');
		expectThat(result.violations.length === 0, () => result.violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.slice(0, 12).map(({ html, failureSummary }) => `  ${html.slice(0, 90)}\n  ${failureSummary ?? ''}`).join('\n')}`).join('\n'));
	};

	for (const [name, theme] of Object.entries(THEMES)) {
		await report.check(`${name}: axe-core finds no violation`, async () => {
			await choose(theme);
			const dark = name.includes('dark');
			await eventually('theme', () => bench.stepper.locator('body').getAttribute('class'), (classes) => {
				const wanted = name === 'dark' ? 'vscode-dark' : name === 'light' ? 'vscode-light' : dark ? 'vscode-high-contrast' : 'vscode-high-contrast-light';
				return (classes ?? '').split(' ').includes(wanted) && (name !== 'contrast-dark' || !(classes ?? '').includes('vscode-high-contrast-light'));
			});
			await bench.page.waitForTimeout(300);
			await bench.picture(`theme-${name}`);
			await accessible();
			// Under the mouse, and pressed: colours of their own.
			await button('Table').click();
			await bench.stepper.locator('.steps-table').waitFor();
			await button('Table').hover();
			await accessible();
			await bench.picture(`table-${name}`);
			await button('Table').click();
		}, bench, open);
	}

	await report.check('nor has what one chooses from', async () => {
		await button('Choose the next step yourself').click();
		await bench.stepper.locator('.choice vscode-button').first().waitFor();
		await accessible();
		await bench.picture('choose');
		await bench.page.keyboard.press(Key.pre);
		await bench.stepper.locator('race-lanes .row').first().waitFor();
	}, bench, open);

	await report.check('with reduced motion nothing moves by itself', async () => {
		await bench.page.emulateMedia({ reducedMotion: 'reduce' });
		try {
			const inside = await bench.stepperFrame();
			// One function without others inside: what runs in the page knows nothing of how it was compiled here.
			const moving = await inside.evaluate(() => {
				const all: string[] = [];
				const roots: (Document | ShadowRoot)[] = [document];
				for (let root = roots.pop(); root; root = roots.pop()) {
					for (const element of root.querySelectorAll('*')) {
						const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(element);
						const durations = `${animationName === 'none' ? '0s' : animationDuration},${transitionDuration}`.split(',');
						if (scrollBehavior === 'smooth' || durations.some((duration) => Number.parseFloat(duration) > 0)) all.push(`${element.tagName} ${element.className}`);
						if (element.shadowRoot) roots.push(element.shadowRoot);
					}
				}
				return { reduced: matchMedia('(prefers-reduced-motion: reduce)').matches, all };
			});
			expectThat(moving.reduced, () => 'the browser was not asked for less motion');
			expectThat(moving.all.length === 0, () => moving.all.join(', '));
		} finally {
			await bench.page.emulateMedia({ reducedMotion: null });
		}
	}, bench, open);

	await report.check('at 400 pixels nothing is cut off sideways', async () => {
		await choose(THEMES.dark);
		await bench.page.setViewportSize({ width: 900, height: 900 });
		const inside = await bench.stepperFrame();
		await bench.page.waitForTimeout(500);
		const { width, scroll } = await inside.evaluate(() => ({ width: document.documentElement.clientWidth, scroll: document.documentElement.scrollWidth }));
		await bench.picture('narrow');
		expectThat(scroll <= width, () => `${scroll} pixels of content in ${width}`);
		expectThat(width <= 440, () => `the panel is ${width} wide, which tests nothing`);
	}, bench, open);

	await report.check('at 200 % zoom nothing is cut off sideways, and the step is in sight', async () => {
		// What a window has at twice the size: half as many pixels both ways. Its side bar would leave no room for a second editor.
		await bench.page.setViewportSize({ width: bench.size.width / 2, height: bench.size.height / 2 });
		await bench.command('View: Close Primary Side Bar');
		try {
			const inside = await bench.stepperFrame();
			await bench.page.waitForTimeout(500);
			await bench.picture('zoomed');
			const { width, scroll } = await inside.evaluate(() => ({ width: document.documentElement.clientWidth, scroll: document.documentElement.scrollWidth }));
			expectThat(scroll <= width + 1, () => `${scroll} pixels of content in ${width}`);
			await bench.stepper.locator('race-lanes .steps').first().focus();
			for (const key of [Key.failure, Key.first, Key.failure]) {
				await bench.page.keyboard.press(key);
				await eventually(`in sight after ${key}`, () => bench.stepper.locator('race-lanes .row.current').evaluateAll((rows) => rows.map((row) => {
					const { top, bottom } = row.getBoundingClientRect();
					return top >= 0 && bottom <= window.innerHeight;
				})), (rows) => rows.length === 1 && rows[0] === true);
			}
			await bench.picture('zoomed-at-the-failure');
		} finally {
			await bench.page.setViewportSize(bench.size);
			await bench.command('View: Show Explorer');
		}
	}, bench, open);
}
