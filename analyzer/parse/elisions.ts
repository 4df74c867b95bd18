import type { Describe } from './assemble';
import type { Mended } from './fragments';
import type { ParsedSource, StructSource } from './source';

/** The name that inserted heads carry; it never leaves this folder. */
const PLACEHOLDER = 'elided_';

const shownName = (name: string): string => (name === PLACEHOLDER ? '' : name);

/** Tells of each function of mended hunks which parts are elided and where its name is from. */
export function describer(mended: Mended): Describe {
	const { prepared, augmented } = mended;
	const exports = prepared.exports.map(({ name, start }) => ({ name, start: augmented.original(start) }));
	const units = [...mended.functions].sort((a, b) => a.from - b.from);
	return (found, source) => {
		const start = augmented.original(found.definition.parsedStart);
		const end = augmented.original(Math.max(0, found.definition.parsedEnd - 1));
		const unit = units.filter(({ from, to }) => from <= start && start <= to).pop();
		let name = shownName(source.name);
		let named = source.named;
		if (unit !== undefined && unit.named !== '' && unit.name !== '') {
			name = unit.name;
			named = unit.named;
		}
		if (name === '') {
			const exported = exports.find((entry) => entry.start >= end && mended.prepared.text.length > 0 && isNext(units, end, entry.start));
			if (exported !== undefined && unit?.tailElided !== true) {
				name = exported.name;
				named = 'EXPORT_SYMBOL behind it';
			}
		}
		if (unit === undefined) return { ...source, name, named };
		return { ...source, name, named, headElided: unit.headElided, tailElided: unit.tailElided, gaps: unit.gaps };
	};
}

/** No other partial function begins between the end of one and what is said behind it. */
function isNext(units: Mended['functions'], end: number, start: number): boolean {
	return !units.some(({ from }) => from > end && from < start);
}

/** Structs of which several stretches show members become one; placeholders lose their name. */
export function settle(source: ParsedSource): ParsedSource {
	const byName = new Map<string, StructSource>();
	const structs: StructSource[] = [];
	for (const struct of source.structs) {
		const name = shownName(struct.name);
		const before = name === '' ? undefined : byName.get(`${struct.kind} ${name}`);
		if (before === undefined) {
			const kept = { ...struct, name };
			structs.push(kept);
			if (name !== '') byName.set(`${struct.kind} ${name}`, kept);
			continue;
		}
		const known = new Set(before.members.map((member) => member.name));
		const merged = { ...before, members: [...before.members, ...struct.members.filter((member) => !known.has(member.name))] };
		structs[structs.indexOf(before)] = merged;
		byName.set(`${struct.kind} ${name}`, merged);
	}
	return {
		...source,
		structs,
		globals: source.globals.filter((global) => global.name !== PLACEHOLDER),
		initialisers: source.initialisers.map((entry) => ({ ...entry, variable: shownName(entry.variable) })),
	};
}
