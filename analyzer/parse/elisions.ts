import type { Describe } from './assemble';
import type { Mended } from './fragments';
import type { PartialFunction } from './fragments/draft';
import { PLACEHOLDER } from './placeholder';
import type { ParsedSource, StructSource } from './source';

/** Members of one struct that are gathered from several stretches. */
const MAX_MERGED_MEMBERS = 500;

const shownName = (name: string): string => (name === PLACEHOLDER ? '' : name);

/** Tells of each function of mended hunks which parts are elided and where its name is from. */
export function describer(mended: Mended): Describe {
	const { prepared, augmented } = mended;
	const exports = prepared.exports.map(({ name, start }) => ({ name, start: augmented.original(start) }));
	const units = [...mended.functions].sort((a, b) => a.from - b.from);
	return (found, source) => {
		const start = augmented.original(found.definition.parsedStart);
		const end = augmented.original(Math.max(0, found.definition.parsedEnd - 1));
		const unit = lastFrom(units, start);
		let name = shownName(source.name);
		let named = source.named;
		if (unit !== undefined && unit.named !== '' && unit.name !== '') {
			name = unit.name;
			named = unit.named;
		}
		if (name === '') {
			const exported = exports[firstBehind(exports, end)];
			const next = units[firstBehind(units, end + 1)];
			if (exported !== undefined && unit?.tailElided !== true && (next === undefined || next.from > exported.start)) {
				name = exported.name;
				named = 'EXPORT_SYMBOL behind it';
			}
		}
		// What was inserted says nothing of the type.
		const returns = source.name === PLACEHOLDER ? '' : source.returns;
		if (unit === undefined) return { ...source, name, named, returns };
		return { ...source, name, named, returns, headElided: unit.headElided, tailElided: unit.tailElided, gaps: unit.gaps };
	};
}

/** The partial function that an offset lies in. They are in order and apart. */
function lastFrom(units: readonly PartialFunction[], offset: number): PartialFunction | undefined {
	const unit = units[firstBehind(units, offset + 1) - 1];
	return unit !== undefined && offset <= unit.to ? unit : undefined;
}

/** Index of the first entry that starts at or behind an offset. */
function firstBehind(entries: readonly { readonly start?: number; readonly from?: number }[], offset: number): number {
	let low = 0;
	let high = entries.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((entries[middle]!.start ?? entries[middle]!.from ?? 0) < offset) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Structs of which several stretches show members become one; placeholders lose their name. */
export function settle(source: ParsedSource): ParsedSource {
	const byName = new Map<string, number>();
	const structs: StructSource[] = [];
	for (const struct of source.structs) {
		const name = shownName(struct.name);
		const before = name === '' ? undefined : byName.get(`${struct.kind} ${name}`);
		if (before === undefined) {
			if (name !== '') byName.set(`${struct.kind} ${name}`, structs.length);
			structs.push({ ...struct, name });
			continue;
		}
		const { members } = structs[before]!;
		// More stretches of one struct than any patch has would make this quadratic.
		if (members.length > MAX_MERGED_MEMBERS) continue;
		const known = new Set(members.map((member) => member.name));
		structs[before] = { ...structs[before]!, members: [...members, ...struct.members.filter((member) => !known.has(member.name))] };
	}
	return {
		...source,
		structs,
		globals: source.globals.filter((global) => global.name !== PLACEHOLDER),
		prototypes: new Map([...source.prototypes].map(([name, { returns, params }]) => [name, { returns, params: params.filter((param) => param !== PLACEHOLDER) }])),
		initialisers: source.initialisers.map((entry) => ({ ...entry, variable: shownName(entry.variable) })),
	};
}
