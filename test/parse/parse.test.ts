import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'vitest';
import { checkExpected } from '../expectation';
import { loadParser } from './parser';
import { imageOf, render } from './rendering';

const folder = import.meta.dirname;

function check(kind: 'files' | 'hunks', extension: string, parse: (text: string) => Promise<string>): void {
	for (const file of readdirSync(join(folder, kind)).filter((name) => name.endsWith(extension)).sort()) {
		it(basename(file, extension), async () => {
			const text = readFileSync(join(folder, kind, file), 'utf8');
			checkExpected(join(folder, kind, `${basename(file, extension)}.txt`), await parse(text));
		});
	}
}

describe('whole files', () => check('files', '.c', async (text) => render((await loadParser()).parseFile(text))));
describe('hunks alone', () => check('hunks', '.hunks', async (text) => render((await loadParser()).parseFragments(imageOf(text)))));
