import type { Image } from '../../images/image';
import { lineFinder } from '../lines';
import { prepare, type Prepared } from '../prepass';
import { Canvas } from '../prepass/canvas';
import { cutImage } from './hunks';
import type { Augmented } from './insertions';
import type { PartialFunction } from './draft';
import type { Unreadable } from '../source';
import { planFragments } from './plan';

/** Hunks made whole: a text that parses, and what is known of the functions in it that are not all there. */
export interface Mended {
	/** As long as `augmented.text`. */
	readonly prepared: Prepared;
	readonly augmented: Augmented;
	readonly functions: readonly PartialFunction[];
	/** Stretches that nothing could be made of, and that were left out. */
	readonly leftOut: readonly Unreadable[];
}

/** Puts openers and closers around the hunks of an image. Any text at all is accepted. */
export function mend(image: Image): Mended {
	const cut = cutImage(image);
	const plan = planFragments(cut);
	const canvas = new Canvas(cut.text);
	for (let at = 0; at < plan.dropped.length; at += 2) canvas.blank(plan.dropped[at]!, plan.dropped[at + 1]!);
	const augmented = plan.insertions.into(canvas.toString());
	const boundaries = cut.stretches.slice(1).map((stretch) => augmented.augmented(stretch.from));
	const prepared = prepare(augmented.text, { boundaries });
	return {
		prepared: { ...prepared, macros: cut.macros, conditionals: cut.conditionals },
		augmented,
		functions: plan.functions,
		leftOut: leftOut(image.text, plan.leftOut),
	};
}

/** Longest text of a stretch that is kept for the record. */
const MAX_TEXT = 120;

function leftOut(text: string, ranges: readonly number[]): readonly Unreadable[] {
	const line = lineFinder(text);
	return Array.from({ length: ranges.length / 2 }, (_, index) => {
		const [from, to] = [ranges[2 * index]!, ranges[2 * index + 1]!];
		return { line: line(from), endLine: line(Math.max(from, to - 1)), text: text.slice(from, to).slice(0, MAX_TEXT) };
	});
}
