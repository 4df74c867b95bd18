import { type Exploration, exploreSlices, type Options, type Program } from '../../sim';
import type { Slices } from './slices';

/** Explorations that are remembered, the oldest forgotten first: for a mail that is edited and reviewed again, most programs are those of before. */
const REMEMBERED = 600;
const remembered = new Map<string, Exploration>();

/** Bounds that another run may not meet. */
export const PASSING: ReadonlySet<string> = new Set(['milliseconds', 'megabytes', 'cancelled']);

/** Explores a program, or says what was found when the same one was explored the same way before. */
export function* explored(program: Program, options: Options): Slices<Exploration> {
	const { name: _, ...content } = program;
	const key = digest(JSON.stringify([content, options.bounds, options.memory]));
	const known = remembered.get(key);
	if (known) remembered.delete(key);
	const exploration = known ?? (yield* exploreSlices(program, options));
	if (!PASSING.has(exploration.bound?.name ?? '')) remembered.set(key, exploration);
	for (const oldest of remembered.size > REMEMBERED ? remembered.keys() : []) {
		remembered.delete(oldest);
		break;
	}
	return exploration;
}

/** 128 bits of a text, from four hashes of 32 bits that have nothing in common (MurmurHash3's steps): two texts do not share them by accident. */
export function digest(text: string): string {
	const hashes = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map((seed) => seed ^ text.length);
	let [a = 0, b = 0, c = 0, d = 0] = hashes;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		a = Math.imul(a ^ code, 0xcc9e2d51);
		b = Math.imul(b ^ code, 0x1b873593);
		c = Math.imul((c << 13) | (c >>> 19), 5) + Math.imul(code, 0xe6546b64);
		d = Math.imul((d << 15) | (d >>> 17), 9) + Math.imul(code, 0x38b34ae5);
		a ^= a >>> 15;
		b ^= b >>> 13;
	}
	return [a, b, c, d].map((hash) => (hash >>> 0).toString(36)).join(' ');
}
