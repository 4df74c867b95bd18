import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { diagramsOf } from '../../analyzer/mail/diagram';
import { readSeries } from '../../analyzer/mail';
import type { Diagram } from '../../analyzer/mail/patch';
import { checkExpected } from '../expectation';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'diagrams');

/** `column line depth call | text`, one event a line. */
const shown = (diagram: Diagram): string => [
	`line ${diagram.input}, ${diagram.author}${diagram.guessed ? ', guessed' : ''}: ${diagram.columns.map(({ label }) => label).join(' / ')}`,
	...diagram.events.map(({ column, input, depth, call, text }) => `${column}  ${input}  ${'.'.repeat(depth)}${call || '-'} | ${text}`),
].join('\n');

const prose = (text: string) => text.split('\n').map((line, index) => ({ text: line, input: index + 1, author: 'changelog' as const }));

describe('diagrams', () => {
	for (const name of readdirSync(folder).filter((each) => each.endsWith('.txt'))) {
		it(`reads ${name.replace('.txt', '')}`, () => {
			const found = diagramsOf(prose(readFileSync(join(folder, name), 'utf8')));
			checkExpected(join(folder, name.replace('.txt', '.expected')), `${found.map(shown).join('\n\n') || 'none'}\n`);
		});
		it(`reads ${name.replace('.txt', '')} quoted in a reply just the same`, () => {
			const text = readFileSync(join(folder, name), 'utf8');
			const quoted = `Subject: Re: [PATCH] x\nFrom: a@b\n\nA wrote:\n${text.split('\n').map((line) => `> ${line}`).join('\n')}\n> @@ -1 +1 @@\n> -a\n> +b\n`;
			const calls = (diagrams: readonly Diagram[]) => diagrams.map(({ columns, events }) => ({ columns, events: events.map(({ column, call, depth, text }) => ({ column, call, depth, text })) }));
			expect(calls(readSeries(quoted).patches[0]!.diagrams)).toEqual(calls(diagramsOf(prose(text))));
		});
	}
});
