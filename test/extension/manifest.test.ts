import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../extension/command-ids';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as { contributes: { commands: { command: string; title: string }[]; keybindings: { command: string; key: string }[]; colors: { id: string; defaults: Record<string, string> }[] } };
const nls = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

/** WCAG's relative luminance and contrast. */
const luminance = (hex: string): number => {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
	const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
};
/** A colour with an alpha part, over one without. */
const over = (top: string, bottom: string): string => {
	const alpha = Number.parseInt(top.slice(7, 9), 16) / 255;
	return `#${[1, 3, 5].map((at) => Math.round(Number.parseInt(top.slice(at, at + 2), 16) * alpha + Number.parseInt(bottom.slice(at, at + 2), 16) * (1 - alpha)).toString(16).padStart(2, '0')).join('')}`;
};
const STEP = 'kernelRaceReview.step';
/** The editors' backgrounds of VS Code's own themes. */
const BACKGROUNDS: Readonly<Record<string, string>> = { dark: '#1f1f1f', light: '#ffffff', highContrast: '#000000', highContrastLight: '#ffffff' };

describe('the manifest', () => {
	it('contributes exactly the commands that exist', () => expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort()));

	it('has a text for every placeholder, and no text without one', () => {
		const used = [...new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]))].sort();
		expect(Object.keys(nls).sort()).toEqual(used);
	});

	it('gives no two commands the same key', () => {
		const keys = manifest.contributes.keybindings.map(({ key }) => key);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it('names only pictures that are there', () => {
		for (const [, path] of text.matchAll(/"(media\/[\w./-]+)"/g)) expect(existsSync(join(root, path ?? '')), path).toBe(true);
	});

	it('its colours stand out from the editor\'s background and from the line at which the stepper stands, 4.5 to 1', () => {
		const step = manifest.contributes.colors.find(({ id }) => id === STEP)?.defaults ?? {};
		for (const { id, defaults } of manifest.contributes.colors) for (const [theme, colour] of Object.entries(defaults)) {
			const background = BACKGROUNDS[theme] ?? '';
			if (id !== STEP) for (const behind of [background, over(step[theme] ?? '', background)]) expect(contrast(colour, behind), `${theme} ${colour} on ${behind}`).toBeGreaterThanOrEqual(4.5);
		}
	});
});
