import { callsNamed } from '../../knowledge/namings';
import type { Definition } from '../../lower/sources';
import { isWhole } from '../../parse';
import type { Side } from '../sides/side';

/** What only models call. */
const OWN = /^(?:INSTANCE|CHECK|ASSUME|READ_ONCE|WRITE_ONCE|if|while|for|return|sizeof|CALL|might_sleep)$/;

/** The function's lines in sight make calls of each kind that the made-up one makes, and name each of the fields that it names; or, of a function shown in part, they change what it changes. */
export function doesAs({ functions, sources: { table } }: Side, name: string, made: Definition): boolean {
	const fn = functions.get(name)?.fn;
	if (!fn) return false;
	const [shown, { text }] = [fn.body.text, made.fn.body];
	const fields = fieldsIn(text, /(?:->|\.)\s*([A-Za-z]\w*)/g);
	if (fields.length === 0) return false;
	const stored = fieldsIn(text, /(?:->|\.)\s*([A-Za-z]\w*)\s*=(?!=)/g);
	if (!isWhole(fn) && stored.length > 0 && stored.every((field) => new RegExp(`(?:->|\\.)\\s*${field}\\s*=(?!=)|${callsNamed(table, 'writes-once', 'replaces-pointer', 'in-one-step')}[^;]*?(?:->|\\.)${field}\\b`).test(shown))) return true;
	// A lock that is only tried is taken all the same.
	const kind = (api: string): string => table.rows.get(api)?.effect.replace('trylock', 'lock') ?? '';
	const deeds = calls(text).map(kind).filter((each) => each !== '' && each !== 'none');
	const done = new Set(calls(shown).map(kind));
	return deeds.length > 0 && deeds.every((each) => done.has(each)) && fields.every((field) => new RegExp(`(?:->|\\.)\\s*${field}\\b`).test(shown));
}

const calls = (text: string): readonly string[] => [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, api = '']) => api).filter((api) => !OWN.test(api) && !api.startsWith('__'));
const fieldsIn = (text: string, pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, field = '']) => field);
