import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { CHOICE_STRIDE, type Exploration, explore, type Options, type Program, replay, type Schedule } from '../../sim/index';
import { program } from './notation';

/** Set UPDATE=1 to write what the simulator says into the case files. */
const UPDATE = process.env['UPDATE'] === '1';

export interface Case {
	readonly title: string;
	readonly options: Options;
	readonly text: string;
	readonly expected: string;
}

/** Case files: `## title [option=value …]`, the program, `=>`, and what is expected of it. */
export function cases(path: string): readonly Case[] {
	return readFileSync(path, 'utf8').split(/^## /m).slice(1).map((block) => {
		const [head = '', ...lines] = block.split('\n');
		const [title = '', settings = ''] = head.split(' | ');
		const [text = '', expected = ''] = lines.join('\n').split(/^=>\n/m);
		const options = Object.fromEntries(settings.split(' ').filter(Boolean).map((setting) => {
			const [key = '', value = ''] = setting.split('=');
			return [key, value === 'true' ? true : value === 'false' ? false : value];
		})) as Options;
		return { title, options, text, expected: expected.trim() };
	});
}

export const names = (p: Program, schedule: Schedule): string =>
	schedule.map((entry) => {
		const thread = entry % CHOICE_STRIDE;
		const name = p.threads[thread]?.name ?? `${p.threads[thread - p.threads.length]?.name}'s buffer`;
		return entry >= CHOICE_STRIDE ? `${name}/${Math.floor(entry / CHOICE_STRIDE)}` : name;
	}).join(' ');

/** The exploration as a person would want to compare it. */
function summary(p: Program, e: Exploration): string {
	const { interleavings: i } = e;
	const head = `${e.verdict}: ${i === undefined ? 'not counted' : `${i.failing} failing, ${i.passing} passing${i.exact ? '' : ' at least'}`}, ${e.states} states${e.total === undefined ? '' : `, ${e.total} interleavings`}`;
	const bound = e.bound === undefined ? [] : [`bound: ${e.bound.name}`];
	const cuts = e.cuts.map((cut) => `cut: ${cut}`);
	const failures = [...e.failures, ...e.notes].map((f) => `${f.check}: ${f.message} [${f.sites.join(' ')}] ${f.preemptions} preemptions: ${names(p, f.schedule)}`);
	return [head, ...bound, ...cuts, ...failures].join('\n').trim();
}

/** Explores a case, replays every schedule it reports, and compares the summary. */
function check(one: Case): string {
	const p = program(one.text, one.title);
	const e = explore(p, one.options);
	for (const failure of [...e.failures]) {
		if (one.options.memory === undefined || one.options.memory === 'sc') expect(replay(p, failure.schedule).failure?.check, failure.message).toBe(failure.check);
	}
	const got = summary(p, e);
	if (!UPDATE) expect(got).toBe(one.expected);
	return got;
}

/** Runs all cases of a file; with UPDATE it rewrites the file. */
export function checkFile(path: string, run: (title: string, test: () => void) => void): void {
	const all = cases(path);
	const head = readFileSync(path, 'utf8').split(/^## /m)[0]!;
	const got: string[] = [];
	for (const one of all) run(one.title, () => {
		const settings = Object.entries(one.options).map(([key, value]) => `${key}=${String(value)}`).join(' ');
		got.push(`## ${one.title}${settings === '' ? '' : ` | ${settings}`}\n${one.text}=>\n${check(one)}\n\n`);
		if (UPDATE && got.length === all.length) writeFileSync(path, head + got.join(''));
	});
}
