import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../analyzer/knowledge';
import { builtinTable } from './builtin';
import { type Declarations, declarationsOf, membersOf } from './declarations';

/** Debian's linux-source-6.12, unpacked: what the table is checked against. */
const TREE = process.env['KERNEL_TREE'] ?? join(homedir(), '.cache/krr-linux/tree/linux-source-6.12');
const missing = !existsSync(join(TREE, 'include/linux/spinlock.h'));
if (missing) {
	console.warn(`The table is not checked against a kernel tree: none at ${TREE} (set KERNEL_TREE)`);
}

const { table } = builtinTable();
const texts = new Map<string, string | null>();
const textOf = (file: string): string | null => {
	let text = texts.get(file);
	if (text === undefined) {
		const path = join(TREE, file);
		text = existsSync(path) ? readFileSync(path, 'utf8') : null;
		texts.set(file, text);
	}
	return text;
};
const declared = new Map<string, Declarations>();
const declarations = (file: string): Declarations => {
	let found = declared.get(file);
	if (!found) {
		found = declarationsOf(textOf(file) ?? '');
		declared.set(file, found);
	}
	return found;
};

/** Of a later or an earlier kernel than 6.12. */
const elsewhere = ({ since, until }: { readonly since?: string; readonly until?: string }): boolean => {
	const after = (version: string): boolean => {
		const [major = 0, minor = 0] = version.split('.').map(Number);
		return major > 6 || (major === 6 && minor > 12);
	};
	return (until !== undefined && !after(until)) || (since !== undefined && after(since));
};

const highest = (row: Row): number =>
	Math.max(-1, row.gfp ?? -1, ...Object.entries(row).flatMap(([key, value]) =>
		(typeof value === 'string' && !['api', 'note', 'source'].includes(key) ? [...value.matchAll(/\barg(\d+)\b/gu)].map(([, index]) => Number(index)) : [])));

describe.skipIf(missing)('the table against Linux 6.12', () => {
	const rows = [...table.rows.values()];

	it('cites files that exist', () => {
		const all = [...rows, ...table.patterns.map(({ row }) => row), ...table.guards.values(), ...table.roles, ...table.types.values()];
		const gone = all.filter((row) => !('until' in row && row.until) && textOf(row.source) === null).map((row) => row.source);
		expect([...new Set(gone)]).toEqual([]);
	});

	it('names what the cited file declares', () => {
		const unknown = rows.filter((row) => !elsewhere(row) && !declarations(row.source).has(row.api)).map((row) => `${row.api} in ${row.source}`);
		expect(unknown).toEqual([]);
	});

	it('has as many arguments as the declaration', () => {
		const wrong = rows.filter((row) => !elsewhere(row)).flatMap((row) => {
			const counts = declarations(row.source).get(row.api) ?? new Set([null]);
			if (row.args !== undefined) {
				return counts.has(row.args) || counts.has(null) ? [] : [`${row.api}: ${row.args}, declared with ${[...counts].join(' or ')}`];
			}
			const most = counts.has(null) ? Infinity : Math.max(...(counts as ReadonlySet<number>));
			return highest(row) < most ? [] : [`${row.api}: arg${highest(row)}, declared with ${most}`];
		});
		expect(wrong).toEqual([]);
	});

	it('says of an API that it is gone only when it is', () => {
		const there = rows.filter((row) => elsewhere(row) && declarations(row.source).has(row.api)).map((row) => `${row.api} until ${row.until ?? ''} since ${row.since ?? ''}`);
		expect(there).toEqual([]);
	});

	it('has no lock in a family without effect', () => {
		const locks = table.patterns.flatMap(({ prefix, suffix, row }) => [...declarations(row.source).keys()]
			.filter((name) => name.startsWith(prefix) && name.endsWith(suffix) && /(_|^)(try|un)?lock(_|$)/u.test(name) && !table.rows.has(name)));
		expect([...new Set(locks)].sort()).toEqual([]);
	});

	it('has guard classes that the tree defines', () => {
		const unknown = [...table.guards.values()].filter(({ guard, source, note }) =>
			!note?.startsWith('Since') && !new RegExp(`DEFINE_\\w*(GUARD|FREE|CLASS|LOCK)\\w*\\(\\s*(${guard}|${guard.replace(/_(try|intr)$/u, '')})\\b`, 'u').test(textOf(source) ?? '')).map(({ guard, source }) => `${guard} in ${source}`);
		expect(unknown).toEqual([]);
	});

	it('has roles for slots that the struct has', () => {
		const unknown = table.roles.filter((row) => !elsewhere(row) && /^\w+\.\w+$|^\w+\.\*$/u.test(row.role)).flatMap(({ role, source }) => {
			const [struct = '', slot = ''] = role.split('.');
			const members = membersOf(textOf(source) ?? '', struct);
			return members && (slot === '*' || members.has(slot)) ? [] : [`${role} in ${source}`];
		});
		expect(unknown).toEqual([]);
	});

	it('has types that the file defines, with their count', () => {
		const unknown = [...table.types.values()].flatMap(({ type, count, source }) => {
			const members = membersOf(textOf(source) ?? '', type);
			const known = members ?? (new RegExp(`\\b${type}\\b`, 'u').test(textOf(source) ?? '') ? new Set<string>() : null);
			const first = count?.split('.')[0];
			return known && (!first || known.has(first)) ? [] : [`${type} ${count ?? ''} in ${source}`];
		});
		expect(unknown).toEqual([]);
	});
});
