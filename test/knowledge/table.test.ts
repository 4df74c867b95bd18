import { describe, expect, it } from 'vitest';
import { findRow, type Row } from '../../analyzer/knowledge';
import { FAILURES } from '../../analyzer/knowledge/failure-row';
import { PHRASES } from '../../analyzer/knowledge/phrases';
import { NAMINGS } from '../../analyzer/knowledge/namings';
import { builtinFiles, builtinTable, modelNames } from './builtin';

const { table, problems } = builtinTable();
const rows = [...table.rows.values()];
const of = <E extends Row['effect']>(...effects: readonly E[]): readonly (Row & { readonly effect: E })[] =>
	rows.filter((row): row is Row & { readonly effect: E } => (effects as readonly string[]).includes(row.effect));

/** Places of a row, by key. */
const places = (row: Row): readonly string[] =>
	Object.entries(row).flatMap(([key, value]) =>
		['api', 'source', 'note', 'effect'].includes(key) ? [] : Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []);

const UNDO = { none: 'none', off: 'on', save: 'restore', 'bh-off': 'bh-on' } as const;

describe('the table as it ships', () => {
	it('loads without a problem', () => {
		expect(problems).toEqual([]);
		expect(rows.length).toBeGreaterThan(3000);
	});

	it('pairs each acquire with a release of the same lock, and each release with an acquire', () => {
		const key = (row: Row & { readonly effect: 'lock' | 'trylock' | 'unlock' }, at: string, irq: string): string => [at, row.kind, row.mode, row.bit ?? '', irq].join(' ');
		// What returns the lock's address is released by that: pmd_lock().
		const taken = of('lock', 'trylock').filter(({ returns }) => !returns?.startsWith('&')).map((row) => {
			const irq = UNDO[(row.irq ?? 'none') as keyof typeof UNDO] ?? `${row.irq} cannot be taken`;
			// What hands out the lock's owner may be released through that: v4l2_subdev_lock_and_get_active_state().
			return [row.at, ...(row.returns ? [row.at.replace(row.returns, 'arg0')] : [])].map((at) => key(row, at, irq));
		});
		const released = new Set(of('unlock').map((row) => key(row, row.at, row.irq ?? 'none')));
		expect(taken.filter((lock) => !lock.some((each) => released.has(each)))).toEqual([]);
		const all = new Set(taken.flat());
		expect([...released].filter((lock) => !all.has(lock))).toEqual([]);
	});

	it('pairs RCU readers per domain and contexts per kind', () => {
		const domains = (effect: 'rcu-lock' | 'rcu-unlock') => [...new Set(of(effect).map((row) => row.domain ?? 'RCU'))].sort();
		expect(domains('rcu-lock')).toEqual(domains('rcu-unlock'));
		const contexts = (delta: number) => [...new Set(of('context').filter((row) => row.delta === delta).map((row) => row.which))].sort();
		expect(contexts(1)).toEqual(contexts(-1));
	});

	it('says by which slot a role told by its signature is called', () => {
		const unbound = table.roles.filter(({ role, caller, slot }) => role.includes('(') && caller !== undefined && !table.roles.some((each) => each.role === slot));
		expect(unbound.map(({ role }) => role)).toEqual([]);
	});

	it('knows how to drop what it knows how to get', () => {
		const dropped = new Set(of('put').map((row) => row.at));
		expect(of('get', 'get-unless-zero').filter((row) => !dropped.has(row.at)).map((row) => `${row.api} ${row.at}`)).toEqual(
			// Taken like a count, but dropped by ordinary arithmetic; or dropped under the pointer's own name.
			['refcount_add_not_zero *arg1', 'get_file_rcu (*arg0)->f_count', 'get_file_active (*arg0)->f_count'],
		);
	});

	it('names no argument that the call does not have', () => {
		const wrong = rows.filter(({ args }) => args !== undefined).flatMap((row) => [
			...places(row).flatMap((place) => [...place.matchAll(/\barg(\d+)\b/gu)].map(([, index]) => Number(index))),
			...(row.gfp === undefined ? [] : [row.gfp]), ...(row.touches ?? []),
		].filter((index) => index >= (row.args ?? 0)).map((index) => `${row.api}: arg${index} of ${row.args}`));
		expect(wrong).toEqual([]);
	});

	it('takes every name of a bit, and the flag that lets an allocation sleep, from its constants', () => {
		const bits = new Set(rows.flatMap((row) => ('bit' in row && row.bit && /^[A-Za-z_]\w*$/u.test(row.bit) && !/^arg\d/u.test(row.bit) ? [row.bit] : [])));
		expect([...bits].filter((bit) => !table.constants.has(bit))).toEqual([]);
		const sleeps = table.constants.get('__GFP_DIRECT_RECLAIM') ?? 0;
		expect(sleeps).toBeGreaterThan(0);
		const flags = ['GFP_KERNEL', 'GFP_NOFS', 'GFP_NOIO', 'GFP_USER', 'GFP_ATOMIC', 'GFP_NOWAIT', '__GFP_ZERO', '__GFP_NOFAIL'];
		expect(flags.filter((flag) => ((table.constants.get(flag) ?? 0) & sleeps) !== 0)).toEqual(['GFP_KERNEL', 'GFP_NOFS', 'GFP_NOIO', 'GFP_USER']);
	});

	it('has the functions of every guard class, and they fit together', () => {
		const wrong = [...table.guards.values()].flatMap(({ guard, acquire, release }) => {
			const [take, give] = [acquire === undefined ? undefined : table.rows.get(acquire), table.rows.get(release)];
			if (!give || (acquire !== undefined && !take)) {
				return [`${guard}: ${acquire ?? ''} ${release} unknown`];
			}
			const fits = !take || !('at' in take) || !('at' in give) || take.at === give.at;
			return fits ? [] : [`${guard}: ${acquire} and ${release} are of different places`];
		});
		expect(wrong).toEqual([]);
	});

	it('knows what it would put in the place of an API, and has no such row twice', () => {
		const known = (text: string): boolean => [...text.matchAll(/\b([A-Za-z_]\w*)\s*(\(|$)/gu)].every(([, name = '']) => table.rows.has(name) || modelNames().has(name) || table.constants.has(name));
		expect(table.siblings.length).toBeGreaterThan(20);
		expect(table.siblings.flatMap(({ sibling, instead, and }) => [sibling, instead, ...Object.entries(and ?? {}).flat()]).filter((text) => !known(text))).toEqual([]);
	});

	it('has names for all that is told by them', () => {
		expect([...table.namings.keys()].sort()).toEqual([...NAMINGS].sort());
		expect([...table.phrases.keys()].sort()).toEqual([...PHRASES].sort());
		expect([...new Set(table.failures.map(({ failure }) => failure))].sort()).toEqual([...FAILURES].sort());
	});

	it('describes nothing that a model describes', () => {
		const models = modelNames();
		expect(models.size).toBeGreaterThan(100);
		expect(rows.map(({ api }) => api).filter((api) => models.has(api))).toEqual([]);
	});

	it('names models that exist in its roles', () => {
		const models = modelNames();
		const named = new Set(table.roles.flatMap(({ caller, against }) => [...(caller ? [caller] : []), ...(against ?? [])]));
		expect([...named].filter((name) => !models.has(name))).toEqual([]);
	});

	it('has each name in one file', () => {
		const files = new Map<string, string[]>();
		for (const { file, table: one } of builtinFiles()) {
			for (const name of [...one.rows.keys(), ...one.roles.map(({ role }) => role), ...[...one.constants.keys()].map((constant) => `constant ${constant}`)]) {
				files.set(name, [...(files.get(name) ?? []), file]);
			}
		}
		expect([...files].filter(([, some]) => some.length > 1).map(([name, some]) => `${name}: ${some.join(', ')}`)).toEqual([]);
	});

	it('consults a pattern after the rows', () => {
		const overruled = table.patterns.flatMap(({ prefix, suffix }) => rows.filter(({ api, effect }) => effect !== 'none' && api.startsWith(prefix) && api.endsWith(suffix)));
		expect(overruled.length).toBeGreaterThan(0);
		expect(overruled.filter((row) => findRow(table, row.api) !== row)).toEqual([]);
	});
});
